/// Every bound of the product, each named once. A value at the bound is accepted, one past it refused.
public enum Limits {
    /// Bytes of one event's `data`, as canonical JSON.
    public static let eventDataByteCountMax = 256 * 1024
    /// Bytes of one event's `meta`, as canonical JSON.
    public static let metaByteCountMax = 1024
    /// Bytes of one append request, envelope included.
    public static let requestByteCountMax = 1024 * 1024
    /// Events of one append request.
    public static let requestEventCountMax = 1024
    /// Bytes of a stream name, an id, a source, an actor and every other envelope text.
    public static let nameByteCountMax = 128
    /// Index terms of one event, those of the envelope included.
    public static let termCountMax = 32
    /// Personal slots of one event.
    public static let slotCountMax = 16
    /// Bytes of one reply page.
    public static let pageByteCountMax = 1024 * 1024
    /// Events of one reply page.
    public static let pageEventCountMax = 4096
    /// Depth of nested objects and lists in one JSON document.
    public static let jsonDepthMax = 32
    /// Connections of one server.
    public static let connectionCountMax = 1024
    /// Bytes of the first frame on a connection, before `HELLO` or any other command was answered.
    public static let firstFrameByteCountMax = 4 * 1024
    /// Milliseconds until the first whole frame must have arrived.
    public static let firstFrameMillisecondsMax = 2_000
    /// Commands of one connection that are read but not yet answered.
    public static let pipelineDepthMax = 256
    /// Bytes of appends that wait for the writer, over all connections. Past it: `BUSY`.
    public static let pendingAppendByteCountMax = 64 * 1024 * 1024
    /// Steps through the index that the conditions of one commit may take together, since every other append waits
    /// meanwhile: some 10 ms.
    public static let conditionStepCountMax = 16_384
    /// Steps that each condition has in any case, whatever those before it took: enough for a narrow one.
    public static let conditionStepCountMin = 64
    /// Milliseconds that a read may `BLOCK`, and a `VIEW.WAIT` may wait.
    public static let blockMillisecondsMax = 60_000
    /// Stages of one published pipeline.
    public static let pipelineStageCountMax = 64
}
