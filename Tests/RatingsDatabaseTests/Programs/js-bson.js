// What the original makes of documents: reads them from standard input, one in a line, in base64; prints the version of
// js-bson, and then for each document the JSON of its rating, or why there is none.
'use strict'

const fs = require('fs')
const { createRequire } = require('module')

// js-bson is the driver's own copy.
const driver = createRequire(require.resolve('mongodb'))
const BSON = driver('bson')
console.log(driver('bson/package.json').version)

function answer (document) {
  try {
    return JSON.stringify({ rating: new BSON().deserialize(document).rating })
  } catch (error) {
    return error instanceof SyntaxError ? 'regular expression' : 'refused'
  }
}

const lines = fs.readFileSync(0, 'latin1').trimEnd().split('\n')
process.stdout.write(lines.map(line => answer(Buffer.from(line, 'base64')) + '\n').join(''))
