/// The downhill simplex search of Nelder and Mead (1965), The Computer Journal 7:308–313.
///
/// It needs no derivative and no randomness: the same function and start give the same path. Coefficients are the
/// usual ones (reflection 1, expansion 2, contraction ½, shrinkage ½).
package struct NelderMead: Sendable {
    /// Distance of the first simplex's corners from the start, along each axis.
    package var initialStep = 0.5
    /// The search ends when the values at all corners differ by no more than this …
    package var valueTolerance = 1e-13
    /// … and the corners by no more than this along any axis.
    package var pointTolerance = 1e-7
    /// Evaluations after which the search gives up.
    package var evaluationCountMax = 4_000

    /// A search with the house tolerances.
    package init() {}

    /// Where a search ended.
    package struct Minimum: Sendable {
        package let point: [Double]
        package let value: Double
        package let evaluationCount: Int
        /// Whether both tolerances were met before the evaluations ran out.
        package let isConverged: Bool
    }

    /// Looks for a minimum near `start`. A value that is not a number counts as infinite.
    package func minimum(of function: ([Double]) -> Double, from start: [Double]) -> Minimum {
        var evaluations = 0
        func corner(_ point: [Double]) -> Corner {
            evaluations += 1
            let value = function(point)
            return Corner(point: point, value: value.isNaN ? .infinity : value)
        }
        var simplex = [corner(start)]
        for axis in start.indices {
            var point = start
            point[axis] += initialStep
            simplex.append(corner(point))
        }
        simplex.sort { $0.value < $1.value }
        while !hasConverged(simplex), evaluations < evaluationCountMax {
            let worst = simplex[simplex.count - 1]
            let centre = Corner.centre(of: simplex.dropLast())
            let reflected = corner(centre.extended(from: worst.point, by: 1))
            if reflected.value < simplex[0].value {
                let expanded = corner(centre.extended(from: worst.point, by: 2))
                insert(expanded.value < reflected.value ? expanded : reflected, into: &simplex)
            } else if reflected.value < simplex[simplex.count - 2].value {
                insert(reflected, into: &simplex)
            } else {
                let isOutside = reflected.value < worst.value
                let contracted = corner(centre.extended(from: worst.point, by: isOutside ? 0.5 : -0.5))
                if contracted.value < min(reflected.value, worst.value) {
                    insert(contracted, into: &simplex)
                } else {
                    let best = simplex[0].point
                    simplex = [simplex[0]] + simplex.dropFirst().map { corner($0.point.halfway(to: best)) }
                    simplex.sort { $0.value < $1.value }
                }
            }
        }
        return Minimum(
            point: simplex[0].point, value: simplex[0].value, evaluationCount: evaluations,
            isConverged: hasConverged(simplex))
    }

    /// Replaces the worst corner and keeps the corners in ascending order of their values.
    private func insert(_ corner: Corner, into simplex: inout [Corner]) {
        simplex.removeLast()
        simplex.insert(corner, at: simplex.firstIndex { corner.value < $0.value } ?? simplex.count)
    }

    private func hasConverged(_ simplex: [Corner]) -> Bool {
        let best = simplex[0]
        return simplex.dropFirst().allSatisfy { corner in
            corner.value - best.value <= valueTolerance
                && zip(corner.point, best.point).allSatisfy { abs($0 - $1) <= pointTolerance }
        }
    }
}

/// A corner of the simplex and the function's value there.
private struct Corner {
    var point: [Double]
    var value: Double

    static func centre(of corners: ArraySlice<Corner>) -> [Double] {
        guard let first = corners.first else { return [] }
        let share = 1 / Double(corners.count)
        return first.point.indices.map { axis in corners.reduce(0) { $0 + $1.point[axis] } * share }
    }
}

extension [Double] {
    /// The point beyond this one, as seen from `origin`, at `factor` times their distance.
    fileprivate func extended(from origin: [Double], by factor: Double) -> [Double] {
        zip(self, origin).map { $0 + factor * ($0 - $1) }
    }

    fileprivate func halfway(to other: [Double]) -> [Double] { zip(self, other).map { ($0 + $1) / 2 } }
}
