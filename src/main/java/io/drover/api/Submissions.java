package io.drover.api;

import io.drover.camel.RouteFiles;
import io.drover.journal.Submission;
import io.drover.task.InvalidTaskException;
import io.drover.task.Submit;
import io.drover.task.TaskService;
import io.drover.task.WorkflowRegistry;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Submits a task and waits until it is durable; what stands against it becomes a problem. */
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
        try {
            CompletableFuture<Submission> durable = tasks.submit(request);
            Submission submission = durable.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (submission instanceof Submission.Conflict) {
                throw conflict(submission);
            }
            return submission;
        } catch (InvalidTaskException e) {
            throw invalid(e);
        } catch (TimeoutException e) {
            throw Unavailable.unconfirmed(request.key() != null);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException refused
                    && String.valueOf(refused.getSQLState()).startsWith("22")) {
                throw ProblemException.badField("$", null, "cannot be stored", "JSON that PostgreSQL accepts");
            }
            throw new IllegalStateException("a task could not be stored", e.getCause());
        }
    }

    private static ProblemException conflict(Submission submission) {
        return ProblemException.of(
                        HttpStatus.CONFLICT,
                        "key-conflict",
                        "task %s has this key and another input; a new task needs a new key".formatted(submission.id()),
                        FieldProblem.of(
                                "Idempotency-Key",
                                null,
                                "is taken by a task with another input",
                                "a key of its own for each task"))
                .with("task", submission.id());
    }

    private ProblemException invalid(InvalidTaskException e) {
        return switch (e.reason()) {
            case UNKNOWN_WORKFLOW ->
                !files.isRunning()
                        ? Unavailable.starting()
                        : ProblemException.of(HttpStatus.NOT_FOUND, "unknown-workflow", e.getMessage())
                                .with("workflows", workflows.all().keySet());
            case TOO_LARGE -> ProblemException.of(HttpStatus.PAYLOAD_TOO_LARGE, "too-large", e.getMessage());
            case KEY_CONFLICT -> ProblemException.of(HttpStatus.CONFLICT, "key-conflict", e.getMessage());
            case SCHEMA ->
                ProblemException.of(
                        HttpStatus.BAD_REQUEST,
                        "schema",
                        e.getMessage(),
                        e.problems().stream().map(Submissions::schemaProblem).toArray(FieldProblem[]::new));
            case MALFORMED_INPUT -> bad("$", e);
            case BAD_KEY -> bad("Idempotency-Key", e);
            case BAD_PRIORITY -> bad("priority", e);
        };
    }

    private static ProblemException bad(String field, InvalidTaskException e) {
        return ProblemException.of(
                HttpStatus.BAD_REQUEST,
                "bad-field",
                e.getMessage(),
                FieldProblem.of(field, null, e.getMessage(), null));
    }

    /** The validator says {@code $.path: what is wrong}. */
    private static FieldProblem schemaProblem(String problem) {
        int colon = problem.startsWith("$") ? problem.indexOf(": ") : -1;
        return colon < 0
                ? FieldProblem.of("$", null, problem, null)
                : FieldProblem.of(problem.substring(0, colon), null, problem.substring(colon + 2), null);
    }
}
