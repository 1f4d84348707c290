package io.drover.rollout;

import io.drover.who.Actor;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** The rollouts for people: how they stand, and what a person decides. */
@Component
public class Rollouts {

    private final RolloutsInForce inForce;
    private final RolloutRows rows;
    private final Judging judging;

    Rollouts(RolloutsInForce inForce, RolloutRows rows, Judging judging) {
        this.inForce = inForce;
        this.rows = rows;
        this.judging = judging;
    }

    /** All that ever began, the newest first, as the database knows them. */
    public List<RolloutView> all() {
        inForce.refresh();
        return inForce.all().reversed();
    }

    public Optional<RolloutView> find(String id) {
        return all().stream().filter(one -> one.id().equals(id)).findAny();
    }

    /** Ends one that compares shadows, because as many as it should have were compared. */
    public void compared(String id, String reason) {
        judging.compared(id, reason);
        inForce.refresh();
    }

    /** How each guardrail stood when the judge looked last. */
    public List<Evidence> evidence(String id) {
        return rows.evidence(id);
    }

    /** How it stood at earlier numbers of pairs, the lowest first; a few hundred at most. */
    public List<RolloutLook> looks(String id) {
        return rows.looks(id);
    }

    /**
     * Does what a person decided; this process knows it when this returns.
     *
     * @param reason why, for the audit
     * @throws DecisionRefusedException where it cannot be done now
     */
    public Optional<RolloutView> decide(String id, RolloutAction action, String reason, Actor who)
            throws DecisionRefusedException {
        RolloutView decided = judging.decide(id, action, reason, who);
        inForce.refresh();
        return Optional.ofNullable(decided);
    }
}
