package io.drover.shadow;

import io.drover.journal.KeyOwner;
import io.drover.journal.MirroredCalls;
import io.drover.journal.Mirrors;
import io.drover.journal.TaskStore;
import io.drover.journal.TaskView;
import io.drover.json.Digest;
import io.drover.json.Excerpt;
import io.drover.rollout.Rollout;
import io.drover.rollout.RolloutState;
import io.drover.rollout.RolloutView;
import io.drover.rollout.Rollouts;
import io.drover.rollout.RolloutsInForce;
import io.drover.start.Periodic;
import io.drover.task.InvalidTaskException;
import io.drover.task.Submit;
import io.drover.task.TaskService;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Mirrors a part of the live tasks that have completed, and compares each with its shadow. Each look is a transaction that holds the
 * rollout's row, so a live task has one shadow however many processes look; what a process has chosen and not submitted before it
 * died, the next one submits.
 */
@Component
class Shadowing {

    private static final Logger LOG = LoggerFactory.getLogger(Shadowing.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final int MOST_LOOKED_AT = 1_000;
    private static final int MOST_SUBMITTED = 100;
    private static final int MOST_COMPARED = 100;
    private static final int MOST_FORGOTTEN = 10_000;
    private static final int LONGEST_REASON = 300;
    private static final int FORGETS_EVERY = 60;

    private final ShadowRows rows;
    private final RolloutsInForce inForce;
    private final Rollouts rollouts;
    private final Mirrors mirrors;
    private final TaskStore tasks;
    private final TaskService service;
    private final TransactionTemplate transaction;
    private final Periodic clock = new Periodic("shadows", PERIOD, this::tick);
    private long ticks;

    Shadowing(
            ShadowRows rows,
            RolloutsInForce inForce,
            Rollouts rollouts,
            Mirrors mirrors,
            TaskStore tasks,
            TaskService service,
            PlatformTransactionManager transactions) {
        this.rows = rows;
        this.inForce = inForce;
        this.rollouts = rollouts;
        this.mirrors = mirrors;
        this.tasks = tasks;
        this.service = service;
        this.transaction = new TransactionTemplate(transactions);
    }

    @EventListener(ApplicationStartedEvent.class)
    void start() {
        clock.start(PERIOD);
    }

    @EventListener(ContextClosedEvent.class)
    void stop() {
        clock.close();
    }

    private void tick() {
        try {
            for (RolloutView one : inForce.known()) {
                Rollout.Shadow limits = one.settings().shadow();
                if (limits != null && one.state() == RolloutState.RUNNING) {
                    look(one.settings(), limits);
                }
            }
            if (++ticks % FORGETS_EVERY == 0) {
                rows.forget(MOST_FORGOTTEN);
            }
        } catch (DataAccessException | TransactionException e) {
            LOG.debug("the shadows could not be looked at; this is tried again: {}", e.getMessage());
        }
    }

    private void look(Rollout rollout, Rollout.Shadow limits) {
        List<ShadowRows.Pair> chosen = new ArrayList<>();
        Boolean enough = transaction.execute(status -> {
            if (!rows.lock(rollout.id())) {
                return false;
            }
            rows.done(rollout.id(), MOST_COMPARED).forEach(this::compare);
            ShadowRows.Used used = rows.used(rollout.id());
            if (used.compared() >= rollout.tasks()) {
                return true;
            }
            choose(rollout, limits, used);
            chosen.addAll(rows.unsubmitted(rollout.id(), MOST_SUBMITTED));
            return false;
        });
        chosen.forEach(pair -> submit(rollout, pair));
        if (Boolean.TRUE.equals(enough)) {
            rollouts.compared(rollout.id(), "%d shadows have been compared".formatted(rollout.tasks()));
        }
    }

    /** Those for which there is no room now are left out for ever: a shadow that comes hours late says nothing of its time. */
    private void choose(Rollout rollout, Rollout.Shadow limits, ShadowRows.Used used) {
        List<UUID> ended = rows.ended(rollout.id(), rollout.control(), MOST_LOOKED_AT);
        boolean paid = used.usd().compareTo(limits.maxCostUsd()) < 0;
        long room = paid
                ? Math.min(limits.perMinute() - used.minute(), rollout.tasks() - used.compared() - used.open())
                : 0;
        ended.stream()
                .limit(Math.max(0, room))
                .forEach(live -> rows.keep(rollout.id(), new ShadowRows.Pair(id(rollout, live), live)));
    }

    private static UUID id(Rollout rollout, UUID live) {
        return Digest.uuid("shadow", rollout.id(), live.toString());
    }

    /** Its row is there before it, so a worker that claims it knows what it mirrors. */
    private void submit(Rollout rollout, ShadowRows.Pair pair) {
        TaskView live = tasks.find(pair.live()).orElse(null);
        if (live == null || isGone(live)) {
            rows.compared(pair.shadow(), new Comparison(Difference.GONE, null, BigDecimal.ZERO), null);
            return;
        }
        try {
            service.shadow(
                            new Submit(
                                            live.workflow(),
                                            live.key(),
                                            live.input(),
                                            0,
                                            Duration.ZERO,
                                            live.submitter().name(),
                                            KeyOwner.shadow(rollout.id()))
                                    .to(rollout.candidate()),
                            pair.shadow(),
                            rollout.id())
                    .join();
        } catch (InvalidTaskException e) {
            rows.compared(
                    pair.shadow(),
                    new Comparison(Difference.REFUSED, null, BigDecimal.ZERO),
                    // without the values: it is shown to people who may not see inputs
                    Excerpt.of(e.summary(), LONGEST_REASON));
        }
    }

    private void compare(ShadowRows.Pair pair) {
        MirroredCalls journals = mirrors.journals(pair.shadow());
        TaskView live = tasks.find(pair.live()).orElse(null);
        TaskView shadow = tasks.find(pair.shadow()).orElse(null);
        Comparison how = journals == null || live == null || shadow == null || isGone(live) || isGone(shadow)
                ? new Comparison(Difference.GONE, null, BigDecimal.ZERO)
                : Comparison.of(live, shadow, journals);
        rows.compared(pair.shadow(), how, null);
    }

    private static boolean isGone(TaskView task) {
        return task.erasedAt() != null || task.removedAt() != null;
    }
}
