from pathlib import Path

from plumbline.contract import document

CONTRACT = Path(__file__).resolve().parents[2] / "contract"


def test_a_checkout_reads_the_contracts_own_files() -> None:
    for file in CONTRACT.glob("*.json"):
        assert document(file.stem)["$schema"]
