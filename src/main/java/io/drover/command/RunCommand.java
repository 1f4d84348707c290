package io.drover.command;

import io.drover.journal.KeyOwner;
import io.drover.journal.Mode;
import io.drover.journal.QueueState;
import io.drover.journal.QueueState.Progress;
import io.drover.task.InvalidTaskException;
import io.drover.task.Submit;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Submits one task and works on it to its end. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Submits one task, works on it to its end and prints its output as JSON.",
            "The exit code is 0 if it is completed; otherwise it is 1, with the error on stderr, where the log goes"
                    + " too."
        })
final class RunCommand extends LocalCommand {

    private static final Duration LOOK = Duration.ofMillis(100);

    @Mixin
    private TaskInput task = new TaskInput();

    @Option(
            names = "--timeout",
            defaultValue = "1h",
            description = "How long to wait for the end, as in 10m. Defaults to 1h.")
    private Duration timeout;

    @Override
    public Integer call() {
        List<String> given = properties();
        String document = task.read(commandLine());
        PrintStream out = System.out;
        System.setOut(System.err); // stdout is for the output alone
        long deadline = System.nanoTime() + timeout.toNanos();
        SubmitOnStart submission = new SubmitOnStart(
                new Submit(task.workflow(), task.key(), document, 9, Duration.ZERO, "run", KeyOwner.RUN)
                        .in(task.isDryRun() ? Mode.DRY_RUN : null));
        try (ConfigurableApplicationContext context = Headless.start(
                false,
                given,
                application -> application.addInitializers(submission),
                "--drover.worker.workflows=" + task.workflow(),
                "--drover.worker.concurrency=1")) {
            Progress end = await(context.getBean(QueueState.class), submission.id(), deadline);
            if (end.isCompleted()) {
                out.println(end.output());
                out.flush();
                return 0;
            }
            System.err.println("task %s is %s%s"
                    .formatted(submission.id(), end.status(), end.error() == null ? "" : ": " + end.error()));
            return 1;
        } catch (InvalidTaskException e) {
            System.err.println(e.getMessage());
            return 1;
        }
    }

    private static Progress await(QueueState queue, UUID task, long deadline) {
        Progress progress = queue.progress(task);
        while (!progress.status().isTerminal() && System.nanoTime() < deadline) {
            Headless.pause(LOOK);
            progress = queue.progress(task);
        }
        return progress;
    }
}
