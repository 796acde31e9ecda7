/*
 * The CDK's own validation of templates takes 7 s in every file of tests that synthesises. It stays on where apps are whole: in the steps
 * `examples` and `integ` of `npm test`, and in the demo.
 */
process.env.CDK_VALIDATION = 'false';

/* Models grow old. On this day those that the tests name are alive, and no test fails because a day has come. */
process.env.CDK_CONTEXT_JSON = JSON.stringify({ 'cdk-plumbline:today': '2025-09-01' });
