package io.drover.rollout;

import io.drover.who.Actor;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Has the judge hear the outcomes of the rollouts, and does what it says. Each look is a transaction that holds the rollout's row: so
 * outcomes have one order for all processes, and one process alone decides. A process that takes over hears all outcomes again, in
 * that order.
 */
@Component
class Judging {

    private static final Logger LOG = LoggerFactory.getLogger(Judging.class);

    /** Who decides where no person does. */
    static final String JUDGE = "drover:rollouts";

    private static final int MOST_READ = 10_000;
    private static final int MOST_PLACED = 10_000;
    private static final int MOST_MOVED = 1_000;

    /** A curve has a point wherever the number of pairs has grown by this share. */
    private static final double NEXT_POINT = 1.05;

    /** What this process has heard. */
    private static final class Hearing {

        private final Rollout rollout;
        private final Judge judge;
        private final Map<String, OutcomeCondition> conditions = new HashMap<>();
        private long place;
        private long scorePlace;
        private long lastPoint;

        Hearing(Rollout rollout) {
            this.rollout = rollout;
            this.judge = new Judge(rollout.guardrails());
            rollout.rails().stream()
                    .filter(rail -> rail.when() != null)
                    .forEach(rail -> conditions.put(
                            rail.name(), OutcomeCondition.of(Objects.requireNonNull(rail.when(), "its condition"))));
        }

        void hear(RolloutRows.Placed placed) {
            place = placed.place();
            Outcome outcome = placed.outcome();
            Set<String> broken = new HashSet<>();
            conditions.forEach((name, condition) -> {
                if (condition.isBad(outcome)) {
                    broken.add(name);
                }
            });
            judge.ended(side(placed.version()), outcome.breaking(broken));
        }

        void hear(RolloutRows.PlacedScore placed) {
            scorePlace = placed.place();
            judge.evaluated(side(placed.version()), placed.failed());
        }

        private Side side(int version) {
            return version == rollout.candidate() ? Side.CANDIDATE : Side.CONTROL;
        }
    }

    private final RolloutRows rows;
    private final TransactionTemplate transaction;
    private final Map<String, Hearing> hearings = new HashMap<>();

    Judging(RolloutRows rows, PlatformTransactionManager transactions) {
        this.rows = rows;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** @return false where it began before */
    boolean begin(Rollout rollout) {
        String reason = "the file of rollouts says so";
        boolean begun = Boolean.TRUE.equals(transaction.execute(status -> {
            if (!rows.begin(rollout, JUDGE, reason)) {
                return false;
            }
            rows.announce(rollout, "rollout-begin", RolloutState.RUNNING, rollout.firstShare(), reason, JUDGE, null);
            return true;
        }));
        if (begun) {
            LOG.info(
                    "rollout {}: {} gets {} of the new tasks",
                    rollout.id(),
                    rollout.isOfImage()
                            ? "the canary's image"
                            : "version %d of task:%s".formatted(rollout.candidate(), rollout.workflow()),
                    percent(rollout.firstShare()));
        }
        return begun;
    }

    /** Looks once at each. @return whether one was decided */
    boolean look(List<RolloutView> all) {
        boolean decided = false;
        for (RolloutView one : all) {
            if (one.state().isAlive()) {
                decided |= one.settings().shadow() == null && judge(one.id());
            } else {
                hearings.remove(one.id());
                if (one.settings().inFlight() == Rollout.InFlight.MOVE
                        && one.state().isRefused()
                        && !one.moved()) {
                    move(one.settings());
                }
            }
        }
        return decided;
    }

    /** Another process may not know for a second that it is over, so this is done for a while. */
    private void move(Rollout rollout) {
        int moved = rows.move(rollout, MOST_MOVED);
        if (moved == 0) {
            rows.moved(rollout.id());
        } else {
            LOG.info(
                    "rollout {}: {} tasks that had not begun go from version {} of task:{} to version {}",
                    rollout.id(),
                    moved,
                    rollout.candidate(),
                    rollout.workflow(),
                    rollout.control());
        }
    }

    private boolean judge(String id) {
        boolean whole = false;
        try {
            boolean decided = Boolean.TRUE.equals(transaction.execute(status -> {
                RolloutView row = rows.lock(id);
                return row != null && judge(row);
            }));
            whole = true;
            return decided;
        } finally {
            if (!whole) {
                hearings.remove(id); // it may have heard what is not stored
            }
        }
    }

    private boolean judge(RolloutView row) {
        Hearing hearing = hearings.computeIfAbsent(row.id(), id -> new Hearing(row.settings()));
        List<RolloutRows.Placed> placed;
        do {
            placed = rows.placed(row.id(), hearing.place, MOST_READ);
            placed.forEach(hearing::hear);
        } while (placed.size() == MOST_READ);
        placed = rows.place(row.id(), hearing.place, MOST_PLACED);
        placed.forEach(hearing::hear);
        boolean scored = row.settings().isScored() && hearScores(row, hearing);
        if (placed.isEmpty() && !scored && hearing.judge.pairs() == row.pairs()) {
            return false;
        }
        String evidence = Evidence.document(hearing.judge.evidence());
        rows.judged(row.id(), hearing.judge.pairs(), evidence);
        boolean decided = decide(row, hearing, evidence);
        if (hearing.judge.pairs() > 0
                && (decided || hearing.judge.pairs() >= Math.ceil(hearing.lastPoint * NEXT_POINT))) {
            rows.looked(row.id(), hearing.judge.pairs(), evidence);
            hearing.lastPoint = hearing.judge.pairs();
        }
        return decided;
    }

    /** @return whether there are new ones */
    private boolean hearScores(RolloutView row, Hearing hearing) {
        List<RolloutRows.PlacedScore> placed;
        do {
            placed = rows.placedScores(row.id(), hearing.scorePlace, MOST_READ);
            placed.forEach(hearing::hear);
        } while (placed.size() == MOST_READ);
        placed = rows.placeScores(row.id(), hearing.scorePlace, MOST_PLACED);
        placed.forEach(hearing::hear);
        return !placed.isEmpty();
    }

    private boolean decide(RolloutView row, Hearing hearing, String evidence) {
        Rollout rollout = row.settings();
        long needed = row.stepPairs() + rollout.tasks();
        if (hearing.judge.pairs() >= needed) {
            RolloutRows.Entered entered = rows.entered(rollout);
            hearing.judge.entered(entered.candidate(), entered.control());
        }
        Verdict verdict = hearing.judge.verdict(needed);
        return switch (verdict.kind()) {
            case OPEN -> false;
            case WORSE -> {
                put(row, RolloutState.ROLLED_BACK, row.step(), 0, verdict.reason(), JUDGE, evidence);
                yield true;
            }
            case GOOD -> row.state() == RolloutState.RUNNING && next(row, verdict.reason(), evidence);
        };
    }

    /** The last share, and that of all tasks, is no trial any more. */
    private boolean next(RolloutView row, String reason, String evidence) {
        if (row.settings().isOfImage()) { // its share is that of the Deployment, which only a release changes
            put(row, RolloutState.PROMOTED, row.step(), row.share(), reason, JUDGE, evidence);
            return true;
        }
        int step = row.step() + 1;
        List<Integer> steps = row.settings().steps();
        if (step >= steps.size() || steps.get(step) == Rollout.ALL) {
            put(row, RolloutState.PROMOTED, Math.min(step, steps.size() - 1), Rollout.ALL, reason, JUDGE, evidence);
        } else {
            put(row, RolloutState.RUNNING, step, steps.get(step), reason, JUDGE, evidence);
        }
        return true;
    }

    /**
     * Does what a person decided.
     *
     * @param action promote, abort, pause or resume
     * @return null where there is no such rollout
     * @throws DecisionRefusedException where it cannot be done now
     */
    @Nullable
    RolloutView decide(String id, RolloutAction action, String reason, Actor who) throws DecisionRefusedException {
        DecisionRefusedException[] refused = {null};
        RolloutView decided = transaction.execute(status -> {
            RolloutView row = rows.lockToDecide(id);
            if (row == null || row.state() == action.state()) { // the second click of one that was lost
                return row;
            }
            if (!action.isPossibleIn(row.state())) {
                refused[0] = new DecisionRefusedException(
                        "rollout %s is %s; %s".formatted(id, row.state().text(), action.condition()));
                return row;
            }
            int share =
                    switch (action) {
                        case PROMOTE -> Rollout.ALL;
                        case ABORT -> 0;
                        case PAUSE, RESUME -> row.share();
                    };
            put(row, action.state(), row.step(), share, reason, who.name(), null);
            return rows.lockToDecide(id);
        });
        if (refused[0] != null) {
            throw refused[0];
        }
        return decided;
    }

    /** Ends the trial of an image that is on trial no more. */
    void replaced(String id, String reason) {
        transaction.executeWithoutResult(status -> {
            RolloutView row = rows.lockToDecide(id);
            if (row != null && row.state().isAlive()) {
                rows.decide(id, RolloutState.ABORTED, row.step(), 0, reason, JUDGE);
                rows.announce(row.settings(), "rollout-abort", RolloutState.ABORTED, 0, reason, JUDGE, null);
            }
        });
    }

    /** Ends one whose shadows have been compared. */
    void compared(String id, String reason) {
        transaction.executeWithoutResult(status -> {
            RolloutView row = rows.lockToDecide(id);
            if (row != null && row.state() == RolloutState.RUNNING) {
                put(row, RolloutState.COMPARED, row.step(), 0, reason, JUDGE, null);
            }
        });
    }

    private void put(
            RolloutView row,
            RolloutState state,
            int step,
            int share,
            String reason,
            String who,
            @Nullable String evidence) {
        Rollout rollout = row.settings();
        rows.decide(row.id(), state, step, share, reason, who);
        rows.announce(rollout, action(row.state(), state), state, share, reason, who, evidence);
        if (rollout.isOfImage()) {
            if (state.isRefused() != row.state().isRefused()) { // a person may promote one that was rolled back
                rows.canaryWorks(!state.isRefused());
            }
            LOG.info("rollout {}: the canary's image is {}, by {}: {}", row.id(), state.text(), who, reason);
        } else if (state == RolloutState.ROLLED_BACK) {
            LOG.warn(
                    "rollout {}: version {} of task:{} is rolled back, and version {} gets its new tasks: {}",
                    row.id(),
                    rollout.candidate(),
                    rollout.workflow(),
                    rollout.control(),
                    reason);
        } else {
            LOG.info(
                    "rollout {}: version {} of task:{} is {} at {}, by {}: {}",
                    row.id(),
                    rollout.candidate(),
                    rollout.workflow(),
                    state.text(),
                    percent(share),
                    who,
                    reason);
        }
    }

    private static String action(RolloutState before, RolloutState now) {
        return switch (now) {
            case RUNNING -> before == RolloutState.PAUSED ? "rollout-resume" : "rollout-step";
            case PAUSED -> "rollout-pause";
            case PROMOTED -> "rollout-promote";
            case ROLLED_BACK -> "rollout-roll-back";
            case ABORTED -> "rollout-abort";
            case COMPARED -> "rollout-compare";
        };
    }

    private static String percent(int share) {
        return BigDecimal.valueOf(share, 4).stripTrailingZeros().toPlainString() + " %";
    }
}
