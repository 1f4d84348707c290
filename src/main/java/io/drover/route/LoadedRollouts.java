package io.drover.route;

import io.drover.rollout.DeclaredRollout;
import io.drover.rollout.RolloutsInForce;
import io.drover.route.check.Problem;
import io.drover.route.check.RolloutsFile;
import io.drover.route.check.RouteFile;
import io.drover.route.check.RouteValidator;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps the rollouts that are declared equal to the file of rollouts. One that has begun goes on as the database knows it. */
final class LoadedRollouts extends LoadedFile<List<DeclaredRollout>> {

    private final Path directory;
    private final RouteValidator validator;
    private final RolloutsInForce inForce;
    private Map<String, RouteFile> checked = Map.of();
    private @Nullable RolloutsFile last;

    LoadedRollouts(Path directory, RouteValidator validator, RolloutsInForce inForce, RouteProblems problems) {
        super("rollouts", "rollouts: {}", List.of(), RolloutsFile::isName, problems);
        this.directory = directory;
        this.validator = validator;
        this.inForce = inForce;
    }

    /** Declares the rollouts that are on disk. @param files of the versions that they are about, by route id */
    void reconcile(Map<String, RouteFile> files) {
        guarded(() -> {
            RolloutsFile before = last;
            if (before != null && files.equals(checked) && before.isStillAt(directory)) {
                return;
            }
            RolloutsFile file = validator.rollouts(directory, files.values());
            checked = files;
            last = file;
            if (file != null) {
                say(file.warnings());
            }
            take(file, before);
        });
    }

    @Override
    void put(List<DeclaredRollout> rollouts) {
        inForce.put(rollouts);
    }

    @Override
    void unusable(Problem why) {
        inForce.unusable(why.toString());
    }

    @Override
    boolean isAnyInForce() {
        return inForce.isAnyInForce();
    }
}
