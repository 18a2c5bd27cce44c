// Loaded into every replica before its own code. The channel closes when the parent is gone, however it ended,
// and a replica that stayed behind would go on answering with the variables of a test that is over.
process.once("disconnect", () => process.exit());
process.channel?.unref();
