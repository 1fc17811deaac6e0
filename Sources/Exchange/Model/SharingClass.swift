/// How freely a field may be shared, from the most to the least. Ordered: a later one is the dearer.
public enum SharingClass: String, Sendable, Hashable, CaseIterable, Comparable {
    /// 公开: everyone, also the public.
    case `public`
    /// 无条件共享: every authority; participants and parties where the entry names them.
    case shared
    /// 有条件共享: by a sharing rule or a grant, for a purpose.
    case conditional
    /// 限定共享: by a grant for a named case.
    case restricted
    /// 不予共享: its owner alone; to others the entry is a stub.
    case withheld

    public static func < (left: SharingClass, right: SharingClass) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .public: 0
        case .shared: 1
        case .conditional: 2
        case .restricted: 3
        case .withheld: 4
        }
    }
}
