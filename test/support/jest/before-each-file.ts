/* Models grow old. On this day those that the tests name are alive, and no test fails because a day has come. */
process.env.CDK_CONTEXT_JSON = JSON.stringify({ 'cdk-plumbline:today': '2025-09-01' });
