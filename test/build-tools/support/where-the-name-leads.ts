/* Run by a test: prints to which files the names of the package lead from a file of the repository. */
console.log(JSON.stringify(['cdk-plumbline', 'cdk-plumbline/runtime'].map(name => require.resolve(name))));
