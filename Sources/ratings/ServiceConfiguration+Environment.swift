import FoundationEssentials
import RatingsService

extension ServiceConfiguration {
    /// This process's environment.
    static var processEnvironment: [String: String] { ProcessInfo.processInfo.environment }
}
