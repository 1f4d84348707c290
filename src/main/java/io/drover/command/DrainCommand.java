package io.drover.command;

import io.drover.hold.HoldsInForce;
import io.drover.journal.QueueState;
import io.drover.journal.QueueState.Load;
import io.drover.journal.WorkflowVersion;
import io.drover.task.Worker;
import io.drover.task.WorkerProperties;
import io.drover.task.Workflow;
import io.drover.task.WorkflowRegistry;
import io.drover.task.WorkflowSpec;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Works until no task is due. */
@Command(
        name = "drain",
        mixinStandardHelpOptions = true,
        description = {
            "Works on tasks until none is queued or due, then exits. Tasks that wait for a later time or a person are"
                    + " left alone.",
            "While other workers run tasks it stays for one lease longer, because the tasks of a worker that died are"
                    + " due then.",
            "With --for it takes no tasks after that time, and exits when its running tasks have ended.",
            "With --serve it stays 20 s longer, so that its metrics are scraped.",
            "What is held is left alone, too: it is not waited for.",
            "The exit code is 0, also if tasks are dead; it is 3 if tasks that are held are left; it is 2 if --drover.worker.workflows names a workflow that"
                    + " does not exist."
        })
final class DrainCommand extends LocalCommand {

    private static final int HELD = 3;
    private static final Duration LOOK = Duration.ofMillis(300);
    private static final Duration LAST_SCRAPE = Duration.ofSeconds(20); // Prometheus comes every 15 s, as in kustomize/

    @Option(
            names = "--for",
            paramLabel = "<time>",
            description = "How long to take tasks, as in 3h. Defaults to no limit.")
    private @Nullable Duration time;

    @Option(
            names = "--serve",
            description = "Serve metrics, health and the API meanwhile, as a worker of a Deployment does.")
    private boolean serves;

    @Override
    public Integer call() {
        try (ConfigurableApplicationContext context = Headless.start(serves, properties(), application -> {})) {
            WorkerProperties worker = context.getBean(WorkerProperties.class);
            WorkflowRegistry known = context.getBean(WorkflowRegistry.class);
            Set<String> unknown = new TreeSet<>(worker.workflows());
            unknown.removeAll(known.all().keySet());
            if (!unknown.isEmpty()) {
                System.err.printf(
                        "drover.worker.workflows: there is no workflow %s; the routes define %s%n",
                        unknown, known.all().keySet());
                return CommandLine.ExitCode.USAGE;
            }
            List<WorkflowVersion> claimed = known.versions().stream()
                    .map(Workflow::spec)
                    .filter(worker::claims)
                    .map(WorkflowSpec::id)
                    .toList();
            QueueState queue = context.getBean(QueueState.class);
            HoldsInForce holds = context.getBean(HoldsInForce.class);
            drain(queue, holds, context.getBean(Worker.class), claimed, worker);
            if (serves) {
                Headless.pause(LAST_SCRAPE); // else what it did last would be on no metric
            }
            return left(queue, holds, claimed);
        }
    }

    /** What is held and was left. @return the exit code */
    private static int left(QueueState queue, HoldsInForce holds, List<WorkflowVersion> workflows) {
        List<WorkflowVersion> held = workflows.stream()
                .filter(version -> holds.holdsWorkflow(version.workflow()))
                .toList();
        long left = queue.held(workflows) + queue.total(held).due();
        if (left == 0) {
            return CommandLine.ExitCode.OK;
        }
        System.err.printf("%d tasks are held and were left:%n", left);
        holds.all().forEach(hold -> System.err.println(Table.printable(hold.text())));
        return HELD;
    }

    private void drain(
            QueueState queue,
            HoldsInForce holds,
            Worker worker,
            List<WorkflowVersion> workflows,
            WorkerProperties properties) {
        long begin = System.nanoTime();
        // A dead worker is noticed a lease after its last heartbeat, at a heartbeat of ours.
        Duration takeOver = properties.lease().plus(properties.heartbeat().multipliedBy(2));
        long idleSince = System.nanoTime();
        for (int idleLooks = 0; ; ) {
            Headless.pause(LOOK);
            if (time != null && System.nanoTime() - begin > time.toNanos()) {
                worker.takeNoMore();
                if (worker.running() == 0) {
                    return;
                }
                continue;
            }
            Load load = queue.total(workflows.stream()
                    .filter(version -> !holds.holdsWorkflow(version.workflow()))
                    .toList());
            if (load.due() > 0 || worker.running() > 0) {
                idleLooks = 0;
                idleSince = System.nanoTime();
                continue;
            }
            idleLooks++;
            boolean othersRun = load.running() > 0;
            // Twice in a row, because a task is on its way for a moment when it is neither queued nor running here.
            if (othersRun ? System.nanoTime() - idleSince > takeOver.toNanos() : idleLooks >= 2) {
                return;
            }
        }
    }
}
