package io.drover.route;

import io.drover.audit.ProcessChanges;
import io.drover.eval.EvalsInForce;
import io.drover.flag.Flags;
import io.drover.flag.FlagsInForce;
import io.drover.guard.ToolRegistry;
import io.drover.rollout.RolloutsInForce;
import io.drover.route.check.Problem;
import io.drover.route.check.RouteFile;
import io.drover.route.check.RouteValidator;
import io.drover.rules.RulesInForce;
import io.drover.secret.SecretPlaceholders;
import io.drover.secret.Secrets;
import io.drover.start.Part;
import io.drover.start.Periodic;
import io.drover.start.RefusedToStartException;
import io.drover.start.Sequence;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Keeps the running routes equal to the files in the routes directory.
 * A file that cannot be built changes no running route; it is reported until it is corrected.
 */
@Component
public class RouteFiles implements Part {

    private static final Logger LOG = LoggerFactory.getLogger(RouteFiles.class);

    private final Path directory;
    private final RouteSwitch routes;
    private final RouteProblems problems = new RouteProblems();
    private final LoadedFiles loaded;
    private final RouteWarnings warnings;
    private final SingleFiles beside;
    private final RecordedFiles recorded;
    private final Periodic poll;
    private volatile boolean running;

    RouteFiles(
            RoutesProperties properties,
            RouteValidator validator,
            RouteSwitch routes,
            ToolRegistry tools,
            RulesInForce rules,
            FlagsInForce flagsInForce,
            Flags flags,
            RolloutsInForce rollouts,
            EvalsInForce evals,
            Secrets secrets,
            ProcessChanges changes,
            @Value("${drover.role:all}") String role) {
        this.directory = properties.directory().toAbsolutePath().normalize();
        this.routes = routes;
        this.beside = new SingleFiles(
                new LoadedRules(directory, validator, rules, problems),
                new LoadedFlags(directory, validator, flagsInForce, flags.areOfFile(), problems),
                new LoadedRollouts(directory, validator, rollouts, problems),
                new LoadedEvals(directory, validator, evals, problems));
        this.loaded = new LoadedFiles(
                directory, validator.reader(), routes, problems, beside, !role.equals("worker"), System::nanoTime);
        this.warnings = new RouteWarnings(directory, validator, tools, secrets);
        this.recorded = new RecordedFiles(changes);
        this.poll = new Periodic("route-files", properties.poll(), this::tick);
    }

    /**
     * A file whose current version is not in force.
     *
     * @param runs  whether an earlier version of it runs
     * @param waits whether the fault is not in the file, but in something that it names
     */
    public record RouteProblem(String file, int line, String message, boolean runs, boolean waits) {}

    /** The files that are broken now. */
    public List<RouteProblem> problems() {
        return problems.all();
    }

    /** What does not fit together in the files, and those that are not loaded because of their names. */
    public List<Problem> warnings() {
        List<Problem> all = new ArrayList<>(warnings.all());
        all.addAll(beside.warnings());
        return all;
    }

    /** A loaded file whose route is not started, because the file says so. */
    public record RouteAtRest(String file, String reason) {}

    /** The files whose routes are not started. */
    public synchronized List<RouteAtRest> atRest() {
        List<RouteAtRest> atRest = new ArrayList<>();
        routes.resting().forEach((id, reason) -> {
            RouteFile file = loaded.get(id);
            if (file != null) {
                atRest.add(new RouteAtRest(file.name(), reason));
            }
        });
        atRest.sort(Comparator.comparing(RouteAtRest::file));
        return atRest;
    }

    /**
     * Whether every file that existed at the start has been loaded once.
     * A file that breaks later does not change this.
     */
    public boolean areAllLoaded() {
        return running && !problems.isAnyMissing();
    }

    /** The files that are loaded, relative to the routes directory. */
    public synchronized List<String> names() {
        return loaded.names();
    }

    /** The file that a route was read from, relative to the routes directory, or null. */
    public synchronized @Nullable String fileOf(String routeId) {
        RouteFile file = loaded.get(RouteIds.logical(routeId));
        return file == null ? null : file.name();
    }

    @Override
    public Sequence place() {
        return Sequence.ROUTE_FILES;
    }

    @Override
    public void start() {
        if (!Files.isDirectory(directory)) {
            throw new RefusedToStartException(
                    "drover.routes.directory (%s) is not a directory; it must be the directory of the route files"
                            .formatted(directory));
        }
        reconcile();
        problems.started();
        record();
        atRest().forEach(rest -> LOG.info("{} is not started: {}", rest.file(), rest.reason()));
        poll.start();
        running = true;
        LOG.info("{} routes run from {}", loaded.size(), directory);
    }

    private void tick() {
        reconcile();
        routes.sweep();
        record();
    }

    private void record() {
        Map<String, Long> digests;
        synchronized (this) {
            digests = loaded.digests();
        }
        recorded.look(digests); // may wait for the database, and who asks for a file does not
    }

    /** Makes the running routes equal to the files on disk. */
    synchronized void reconcile() {
        SecretPlaceholders.loading(loaded::reconcile);
        problems.forgetMissing();
        warnings.look(loaded.files(), problems.all());
    }

    @Override
    public void stop() {
        poll.close();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
