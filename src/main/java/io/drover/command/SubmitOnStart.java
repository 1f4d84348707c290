package io.drover.command;

import io.drover.journal.Submission.Conflict;
import io.drover.start.InSequence;
import io.drover.start.Sequence;
import io.drover.task.InvalidTaskException;
import io.drover.task.InvalidTaskException.Reason;
import io.drover.task.Submit;
import io.drover.task.TaskService;
import java.util.List;
import java.util.UUID;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;

/** Submits a task when the routes are loaded and before the worker claims anything. */
class SubmitOnStart implements ApplicationContextInitializer<GenericApplicationContext>, InSequence {

    private final Submit request;
    private UUID id = new UUID(0, 0);

    SubmitOnStart(Submit request) {
        this.request = request;
    }

    UUID id() {
        return id;
    }

    @Override
    public void initialize(GenericApplicationContext context) {
        context.registerBean(SubmitOnStart.class, () -> this);
    }

    @Override
    public Sequence place() {
        return Sequence.SUBMISSION;
    }

    @Override
    public void onApplicationEvent(ApplicationStartedEvent started) {
        io.drover.journal.Submission submitted = started.getApplicationContext()
                .getBean(TaskService.class)
                .submit(request)
                .join();
        if (submitted instanceof Conflict) {
            throw new InvalidTaskException(
                    Reason.KEY_CONFLICT,
                    "task %s has the same workflow and key but another input; use another key for another input"
                            .formatted(submitted.id()),
                    List.of());
        }
        id = submitted.id();
    }
}
