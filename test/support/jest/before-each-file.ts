process.env.CDK_CONTEXT_JSON = JSON.stringify({
  // Models grow old. On this day those that the tests name are alive, and no test fails because a day has come.
  'cdk-plumbline:today': '2025-09-01',
  // The CDK writes down for each resource and each warning where it was made: a tenth of all time of the tests, read by none.
  'aws:cdk:disable-creation-stack-traces': true,
  'aws:cdk:disable-stack-trace': true,
});
