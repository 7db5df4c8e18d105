extension RestorationPlan {
    /// Opens a shared lane that strangers exhausted while no lock stood (T-3): counts start anew, the password changes.
    package static let ofExhaustedLane = RestorationPlan(
        clearedCauses: [], issuesTemporaryPassword: false, revokesAuthenticators: false, mustChange: true,
        resetsCounters: true)
}
