package io.drover.evaluation;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** How tasks were evaluated, for people. */
@Component
public class Evaluations {

    private final EvaluationRows rows;

    Evaluations(EvaluationRows rows) {
        this.rows = rows;
    }

    /** Of a task; empty where it is not in the sample, or has not ended. */
    public Optional<Evaluation> of(UUID task) {
        return rows.find(task);
    }

    /** By workflow and version, of the tasks that ended since. */
    public List<EvaluationSummary> summary(Duration since) {
        return rows.summary(since);
    }

    /** The evaluations of the tasks of some workflows that failed, the newest first. */
    public List<Evaluation> failed(Collection<String> workflows, Duration since, int most) {
        return rows.failed(workflows, since, most);
    }
}
