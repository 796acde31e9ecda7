"""`ADOPTION_STEP=WARNED,DONE` names the steps that are synthesised, each into a folder of CDK_OUTDIR when there are several."""

import os
from pathlib import Path

from aws_cdk import App
from bookshop import BookshopPipeline
from step import Step

names = os.environ.get("ADOPTION_STEP", "DONE").split(",")
output = os.environ.get("CDK_OUTDIR", "cdk.out")

for name in names:
    app = App(outdir=None if len(names) == 1 else str(Path(output) / name))
    BookshopPipeline(app, "BookshopPipeline", Step[name])
    app.synth()
