import Foundation

/// The data files of the tests.
enum Resource {
    /// A file that cannot be read is a defect of the tests, so they stop.
    static func decode<Value: Decodable>(_ type: Value.Type, from file: String) -> Value {
        do {
            let url = Bundle.module.bundleURL.appendingPathComponent("Resources/\(file)")
            return try JSONDecoder().decode(type, from: Data(contentsOf: url))
        } catch {
            fatalError("\(file): \(error)")
        }
    }
}
