package io.drover.api;

import io.drover.journal.Submission;
import io.drover.route.RouteFiles;
import io.drover.task.InvalidTaskException;
import io.drover.task.Submit;
import io.drover.task.TaskProblems;
import io.drover.task.TaskService;
import io.drover.task.WorkflowRegistry;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/** Submits a task and waits until it is durable; an obstacle becomes a problem. */
@Component
class Submissions {

    private static final long PATIENCE_SECONDS = 5;

    private final TaskService tasks;
    private final WorkflowRegistry workflows;
    private final RouteFiles files;

    Submissions(TaskService tasks, WorkflowRegistry workflows, RouteFiles files) {
        this.tasks = tasks;
        this.workflows = workflows;
        this.files = files;
    }

    /** @throws ProblemException when the task is not, or not known to be, accepted */
    Submission submit(Submit request) throws InterruptedException {
        return submit(request, () -> tasks.submit(request));
    }

    /** The same for a task that has this id. */
    Submission submit(Submit request, UUID id) throws InterruptedException {
        return submit(request, () -> tasks.submit(request, id));
    }

    private Submission submit(Submit request, Supplier<CompletableFuture<Submission>> submits)
            throws InterruptedException {
        try {
            CompletableFuture<Submission> durable = submits.get();
            Submission submission = durable.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (submission instanceof Submission.Conflict) {
                throw conflict(submission);
            }
            return submission;
        } catch (InvalidTaskException e) {
            throw invalid(e);
        } catch (TimeoutException e) {
            throw RetryLater.unconfirmed(request.key() != null);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException refused
                    && String.valueOf(refused.getSQLState()).startsWith("22")) {
                throw ProblemException.badField("$", null, "cannot be stored", "JSON that PostgreSQL accepts");
            }
            throw new IllegalStateException("a task could not be stored", e.getCause());
        }
    }

    private static ProblemException conflict(Submission submission) {
        return ProblemException.of(TaskProblems.of(InvalidTaskException.keyConflict(submission.id())))
                .with("task", submission.id());
    }

    private ProblemException invalid(InvalidTaskException e) {
        if (e.reason() != InvalidTaskException.Reason.UNKNOWN_WORKFLOW) {
            return ProblemException.of(TaskProblems.of(e));
        }
        return files.isRunning()
                ? ProblemException.of(TaskProblems.of(e))
                        .with("workflows", workflows.all().keySet())
                : RetryLater.starting();
    }
}
