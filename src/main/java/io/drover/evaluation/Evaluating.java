package io.drover.evaluation;

import io.drover.eval.Eval;
import io.drover.eval.EvalsInForce;
import io.drover.journal.TaskStore;
import io.drover.journal.TaskView;
import io.drover.start.Listeners;
import io.drover.start.Periodic;
import io.drover.task.InvalidTaskException;
import io.drover.task.Submit;
import io.drover.task.TaskService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
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
 * Evaluates the tasks of the sample: the checks first, and only where they are fulfilled the evaluator. Each look locks the rows that
 * it works on, so processes share them; what one has chosen and not submitted before it died, the next one submits.
 */
@Component
class Evaluating {

    private static final Logger LOG = LoggerFactory.getLogger(Evaluating.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    /** After that it is not evaluated any more: its workflow has no eval now, or more tasks end than can be evaluated. */
    private static final Duration LATE = Duration.ofHours(1);

    private static final Duration KEPT = Duration.ofDays(30);
    private static final String CONTENT_GONE = "the content of the task is gone";
    private static final String GONE = "the workflow has no eval any more";
    private static final int MOST_LOOKED_AT = 100;
    private static final int MOST_ASKED = 100;
    private static final int MOST_FORGOTTEN = 10_000;

    /** In looks. */
    private static final int SELDOM = 60;

    private static final int LOWEST_PRIORITY = 0;

    private final EvaluationRows rows;
    private final EvalsInForce inForce;
    private final TaskStore tasks;
    private final TaskService service;
    private final Listeners<EvaluationListener> listeners;
    private final TransactionTemplate transaction;
    private final Periodic clock = new Periodic("evals", PERIOD, this::tick);
    private long ticks;

    Evaluating(
            EvaluationRows rows,
            EvalsInForce inForce,
            TaskStore tasks,
            TaskService service,
            List<EvaluationListener> listeners,
            PlatformTransactionManager transactions) {
        this.rows = rows;
        this.inForce = inForce;
        this.tasks = tasks;
        this.service = service;
        this.listeners = new Listeners<>(listeners);
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
        ticks++;
        if (inForce.workflows().isEmpty() && ticks % SELDOM != 0) {
            return; // what waits here is what an eval that is gone has left
        }
        try {
            while (inTransaction(this::begin) == MOST_LOOKED_AT) {
                submit();
            }
            submit();
            while (inTransaction(this::score) == MOST_LOOKED_AT) {
                // the next ones
            }
            if (ticks % SELDOM == 0) {
                rows.forget(KEPT, MOST_FORGOTTEN);
            }
        } catch (DataAccessException | TransactionException e) {
            LOG.debug("the evaluations could not be looked at; this is tried again: {}", e.getMessage());
        }
    }

    /** What one look has decided. */
    private record Ended(Evaluation evaluation, Mark mark) {}

    private interface Look {
        int at(List<Ended> ended);
    }

    /** Listeners hear of what is stored. */
    private int inTransaction(Look look) {
        List<Ended> ended = new ArrayList<>();
        int seen = Objects.requireNonNull(transaction.execute(status -> look.at(ended)));
        tell(ended);
        return seen;
    }

    private void tell(List<Ended> ended) {
        ended.forEach(one -> listeners.each(listener -> listener.evaluated(
                one.evaluation().workflow(),
                one.evaluation().version(),
                one.mark().state(),
                one.mark().score())));
    }

    private int begin(List<Ended> ended) {
        Map<String, EvaluationRows.Used> used = rows.used();
        List<String> full = used.entrySet().stream()
                .filter(entry -> entry.getValue().asked() >= MOST_ASKED)
                .map(Map.Entry::getKey)
                .toList();
        List<Evaluation> open = rows.open(inForce.workflows(), full, LATE, MOST_LOOKED_AT);
        for (Evaluation one : open) {
            if (full.contains(one.workflow())) {
                end(one, Mark.none(EvaluationState.SKIPPED, "it could not begin within an hour"), ended);
                continue;
            }
            surely(one, () -> begin(one, used.getOrDefault(one.workflow(), EvaluationRows.Used.NOTHING), ended), ended);
        }
        return open.size();
    }

    /** One that cannot be evaluated does not keep those behind it from being evaluated. */
    private void surely(Evaluation one, Runnable evaluating, List<Ended> ended) {
        try {
            evaluating.run();
        } catch (DataAccessException e) { // it is the database, and not this task
            throw e;
        } catch (RuntimeException e) {
            LOG.error("task {} cannot be evaluated", one.task(), e);
            end(
                    one,
                    Mark.none(
                            EvaluationState.UNKNOWN,
                            "it failed: " + e.getClass().getSimpleName()),
                    ended);
        }
    }

    private void begin(Evaluation one, EvaluationRows.Used used, List<Ended> ended) {
        EvalsInForce.Usable usable = inForce.of(one.workflow());
        if (usable == null) {
            end(one, Mark.none(EvaluationState.SKIPPED, GONE), ended);
            return;
        }
        TaskView task = there(one.task());
        if (task == null) {
            end(one, Mark.none(EvaluationState.SKIPPED, CONTENT_GONE), ended);
            return;
        }
        Eval eval = usable.eval();
        Mark mark = Mark.byChecks(usable, task.status(), () -> EndedTask.of(task, tasks.calls(task.id())));
        if (mark != null) {
            end(one, mark, ended);
        } else if (eval.maxCostUsd() != null && used.usd().compareTo(eval.maxCostUsd()) >= 0) {
            end(one, Mark.none(EvaluationState.SKIPPED, "maxCostUsd is spent"), ended);
        } else {
            rows.ask(one.task(), Mark.trials(eval, one.task()));
        }
    }

    private void end(Evaluation one, Mark mark, List<Ended> ended) {
        rows.end(one.task(), mark);
        ended.add(new Ended(one, mark));
    }

    private void submit() {
        for (Evaluation one : rows.unsubmitted(inForce.workflows(), LATE, MOST_LOOKED_AT)) {
            List<Ended> ended = new ArrayList<>();
            surely(one, () -> submit(one, ended), ended);
            tell(ended);
        }
    }

    /** The ids are those of the evaluation, so one that is there already is not submitted again. */
    private void submit(Evaluation one, List<Ended> ended) {
        EvalsInForce.Usable usable = inForce.of(one.workflow());
        TaskView task = there(one.task());
        String with = usable == null ? null : usable.eval().with();
        if (with == null || task == null) {
            end(one, Mark.none(EvaluationState.SKIPPED, with == null ? GONE : CONTENT_GONE), ended);
            return;
        }
        String document = EndedTask.of(task, tasks.calls(task.id())).document();
        String user = task.submitter().name();
        try {
            for (UUID id : one.asked()) {
                service.evaluate(new Submit(with, null, document, LOWEST_PRIORITY, Duration.ZERO, user), id)
                        .join();
            }
        } catch (InvalidTaskException e) {
            LOG.warn("task {} cannot be evaluated by task:{}: {}", one.task(), with, e.summary());
            end(one, Mark.none(EvaluationState.UNKNOWN, "the evaluator does not take it"), ended);
        }
    }

    /** The task, or null where its content is gone. */
    private @Nullable TaskView there(UUID id) {
        return tasks.find(id)
                .filter(task -> task.erasedAt() == null && task.removedAt() == null)
                .orElse(null);
    }

    private int score(List<Ended> ended) {
        List<Evaluation> answered = rows.answered(inForce.workflows(), LATE, MOST_LOOKED_AT);
        for (Evaluation one : answered) {
            surely(one, () -> score(one, ended), ended);
        }
        return answered.size();
    }

    private void score(Evaluation one, List<Ended> ended) {
        EvalsInForce.Usable usable = inForce.of(one.workflow());
        Mark mark = usable == null
                ? Mark.none(EvaluationState.UNKNOWN, GONE)
                : Mark.byScores(
                        usable.eval(),
                        one.asked().stream()
                                .flatMap(trial -> tasks.find(trial).map(TaskView::output).stream())
                                .toList());
        end(one, mark, ended);
    }
}
