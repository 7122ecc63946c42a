// Debian's driver (NODE_PATH is /usr/share/nodejs), loaded where it is used only, and the BSON library that it brings.
"use strict";
const { createRequire } = require("node:module");
const BSON = createRequire(require.resolve("mongodb"))("bson");
exports.bson = new BSON();
exports.driver = () => require("mongodb");
