package io.drover.route;

import io.drover.route.check.RouteFile;
import io.drover.route.check.RouteValidator;
import io.drover.route.check.RulesFile;
import io.drover.rules.Rules;
import io.drover.rules.RulesInForce;
import java.nio.file.Path;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Keeps the rules in force equal to the file of rules. Where there are none that could be read, no call is made. */
final class LoadedRules extends FileAboutRoutes<Rules> {

    private final RouteValidator validator;
    private final RulesInForce inForce;

    LoadedRules(Path directory, RouteValidator validator, RulesInForce inForce, RouteProblems problems) {
        super(directory, "rules", "rules: []", Rules.NONE, RulesFile::isName, problems);
        this.validator = validator;
        this.inForce = inForce;
    }

    @Override
    @Nullable
    RulesFile read(Path directory, Collection<RouteFile> routes) {
        return validator.rules(directory, routes);
    }

    @Override
    void put(Rules rules) {
        inForce.put(rules);
    }

    @Override
    void unusable(String why) {
        inForce.unusable("no call is made until the rules can be read: " + why);
    }

    @Override
    boolean isAnyInForce() {
        return inForce.current() != null;
    }
}
