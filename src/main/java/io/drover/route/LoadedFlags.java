package io.drover.route;

import io.drover.flag.FlagSet;
import io.drover.flag.FlagsInForce;
import io.drover.route.check.FlagsFile;
import io.drover.route.check.Problem;
import io.drover.route.check.RouteFile;
import io.drover.route.check.RouteValidator;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps the flags in force equal to the file of flags. Where there are none that could be read, who asks for a flag waits. */
final class LoadedFlags extends LoadedFile<FlagSet> {

    private final Path directory;
    private final RouteValidator validator;
    private final FlagsInForce inForce;
    private final boolean isAsked;
    private Map<String, RouteFile> checked = Map.of();
    private @Nullable FlagsFile last;

    /** @param isAsked false: a provider of the user's own knows the flags */
    LoadedFlags(
            Path directory, RouteValidator validator, FlagsInForce inForce, boolean isAsked, RouteProblems problems) {
        super("flags", "flags: {}", FlagSet.NONE, FlagsFile::isName, problems);
        this.directory = directory;
        this.validator = validator;
        this.inForce = inForce;
        this.isAsked = isAsked;
    }

    /** Makes the flags in force those on disk. @param files that ask for flags, by route id */
    void reconcile(Map<String, RouteFile> files) {
        if (!isAsked) {
            return;
        }
        guarded(() -> {
            FlagsFile before = last;
            FlagsFile file = before != null && before.isStillAt(directory) ? before : FlagsFile.read(directory);
            if (file == null || file != before) {
                take(file, before);
            }
            if (file != before || !files.equals(checked)) {
                say(List.copyOf(validator.flagUses(files.values(), file)));
            }
            checked = files;
            last = file;
        });
    }

    @Override
    void put(FlagSet flags) {
        inForce.put(flags);
    }

    @Override
    void unusable(Problem why) {
        inForce.unusable("tasks that ask for a flag wait until the flags can be read: %s".formatted(why));
    }

    @Override
    boolean isAnyInForce() {
        return inForce.current() != null;
    }
}
