package io.drover.route;

import io.drover.rollout.DeclaredRollout;
import io.drover.rollout.RolloutsInForce;
import io.drover.route.check.RolloutsFile;
import io.drover.route.check.RouteFile;
import io.drover.route.check.RouteValidator;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps the rollouts that are declared equal to the file of rollouts. One that has begun goes on as the database knows it. */
final class LoadedRollouts extends FileAboutRoutes<List<DeclaredRollout>> {

    private final RouteValidator validator;
    private final RolloutsInForce inForce;

    LoadedRollouts(Path directory, RouteValidator validator, RolloutsInForce inForce, RouteProblems problems) {
        super(directory, "rollouts", "rollouts: {}", List.of(), RolloutsFile::isName, problems);
        this.validator = validator;
        this.inForce = inForce;
    }

    @Override
    @Nullable
    RolloutsFile read(Path directory, Collection<RouteFile> routes) {
        return validator.rollouts(directory, routes);
    }

    @Override
    void put(List<DeclaredRollout> rollouts) {
        inForce.put(rollouts);
    }

    @Override
    void unusable(String why) {
        inForce.unusable(why);
    }

    @Override
    boolean isAnyInForce() {
        return inForce.isAnyInForce();
    }
}
