// Powertools writes for a Lambda; these make it work in a test process and keep its traces off.
process.env["POWERTOOLS_DEV"] = "true";
process.env["AWS_REGION"] = "eu-west-1";
process.env["AWS_ACCESS_KEY_ID"] = "test";
process.env["AWS_SECRET_ACCESS_KEY"] = "test";
