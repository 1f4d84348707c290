package io.drover.command;

import io.drover.journal.QueueState;
import io.drover.task.Worker;
import io.drover.task.WorkflowRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Works until no task is due. */
@Command(
        name = "drain",
        mixinStandardHelpOptions = true,
        description =
                "Works on tasks until none is queued or due, then exits. Tasks that wait for a later time or a person stay.")
final class DrainCommand implements Callable<Integer> {

    private static final Duration LOOK = Duration.ofMillis(300);

    @Unmatched
    private List<String> properties = new ArrayList<>();

    @Override
    public Integer call() {
        try (ConfigurableApplicationContext context = Headless.start(properties, application -> {})) {
            QueueState queue = context.getBean(QueueState.class);
            Worker worker = context.getBean(Worker.class);
            Set<String> workflows =
                    context.getBean(WorkflowRegistry.class).all().keySet();
            // Twice in a row, because a task is on its way for a moment when it is neither queued nor running here.
            for (int idle = 0; idle < 2; ) {
                Headless.pause(LOOK);
                idle = queue.due(workflows) == 0 && worker.running() == 0 ? idle + 1 : 0;
            }
            return 0;
        }
    }
}
