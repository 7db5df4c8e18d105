#if FUZZING
    /// What libFuzzer calls with each input; -1 keeps one that selects no parser out of the corpus.
    @_cdecl("LLVMFuzzerTestOneInput")
    func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
        FuzzedParser.take(Array(UnsafeBufferPointer(start: start, count: count))) ? 0 : -1
    }
#else
    internal import Settings

    /// Replays inputs that fuzzing found, in a build that a debugger reads well.
    @main
    enum FuzzReplay {
        static func main() throws {
            for path in CommandLine.arguments.dropFirst() {
                let isTaken = FuzzedParser.take(try BoundedFile.read(path, limit: 1 << 20))
                print(isTaken ? "\(path): passed" : "\(path): selects no parser")
            }
        }
    }
#endif
