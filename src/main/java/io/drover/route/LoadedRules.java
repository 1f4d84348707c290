package io.drover.route;

import io.drover.route.check.Problem;
import io.drover.route.check.RouteFile;
import io.drover.route.check.RouteValidator;
import io.drover.route.check.RulesFile;
import io.drover.rules.Rules;
import io.drover.rules.RulesInForce;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps the rules in force equal to the file of rules. Where there are none that could be read, no call is made. */
final class LoadedRules extends LoadedFile<Rules> {

    private final Path directory;
    private final RouteValidator validator;
    private final RulesInForce inForce;
    private Map<String, RouteFile> checked = Map.of();
    private @Nullable RulesFile last;

    LoadedRules(Path directory, RouteValidator validator, RulesInForce inForce, RouteProblems problems) {
        super("rules", "rules: []", Rules.NONE, RulesFile::isName, problems);
        this.directory = directory;
        this.validator = validator;
        this.inForce = inForce;
    }

    /** Makes the rules in force those on disk. @param files that the rules are about, by route id */
    void reconcile(Map<String, RouteFile> files) {
        guarded(() -> {
            RulesFile before = last;
            if (before != null && files.equals(checked) && before.isStillAt(directory)) {
                return;
            }
            RulesFile file = validator.rules(directory, files.values());
            checked = files;
            last = file;
            if (file != null) {
                say(file.warnings());
            }
            take(file, before);
        });
    }

    @Override
    void put(Rules rules) {
        inForce.put(rules);
    }

    @Override
    void unusable(Problem why) {
        inForce.unusable("no call is made until the rules can be read: %s".formatted(why));
    }

    @Override
    boolean isAnyInForce() {
        return inForce.current() != null;
    }
}
