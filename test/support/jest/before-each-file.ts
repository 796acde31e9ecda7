/*
 * The CDK's own validation of templates takes 7 s in every file of tests that synthesises. It stays on where apps are whole: in the steps
 * `examples` and `integ` of `npm test`, and in the demo.
 */
process.env.CDK_VALIDATION = 'false';
