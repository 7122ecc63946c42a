import Foundation
import RecordedStreams

/// Inputs to begin with: the byte streams that the original was recorded with, JSON, and connection strings.
enum FuzzCorpus {
    private static let json = [
        "", "null", "[]", "{}", "[1,-2.5e+10,\"a\\u00e9\\n\",true,false,null]",
        "{\"a\":{\"b\":[0,0.1,1E5]},\"c\":\"\\\\\"}",
        "[[[[[[[[]]]]]]]]", "{\"rating\":5}", "\"\\ud83d\\ude00\"", "-0", " 1 ", "[1,]", "{\"a\"}", "01", "1e",
        "\"\u{7f}\"",
    ]

    private static let urls = [
        "mongodb://localhost:27017/test", "mongodb://u:p%40ss@h1:1,h2:2/test?authSource=test&ssl=true&tlsCAFile=/x",
        "mongodb+srv://cluster0.example.com/test?retryReads=false", "mongodb://[::1]:27017/?replicaSet=rs0",
        "mongodb://%2Ftmp%2Fmongodb-27017.sock/test", "mongodb://u@h/?authMechanism=MONGODB-X509&tls=true",
        "mongodb://h/?authMechanismProperties=AWS_SESSION_TOKEN:x,SERVICE_NAME:y&readPreferenceTags=dc:ny,rack:1",
        "mongodb://h.?connectTimeoutMS=5;appName=x", "mongodb://u:p:q@h", "mongodb://u:p/q@h", "mongodb://",
    ]

    /// One file for each input, in a folder for each part.
    static func write(to directory: String) throws {
        let streams = try RecordedStream.all().map { [0x80] + $0.segments.joined() }.filter { $0.count < 4096 }
        try write(streams, to: "\(directory)/requests")
        try write(json.map { [0x80] + Array($0.utf8) }, to: "\(directory)/json")
        try write(urls.map { Array($0.utf8) }, to: "\(directory)/url")
    }

    private static func write(_ inputs: [[UInt8]], to directory: String) throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        for (index, input) in inputs.enumerated() {
            try Data(input).write(to: URL(fileURLWithPath: "\(directory)/begin-\(index)"))
        }
    }
}
