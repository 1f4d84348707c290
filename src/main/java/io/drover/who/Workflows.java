package io.drover.who;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The workflows with which somebody may have to do, by globs such as {@code billing-*}.
 *
 * @param globs null for all workflows
 */
public record Workflows(@Nullable Set<String> globs) {

    /** All of them. */
    public static final Workflows ALL = new Workflows(null);

    private static final Pattern GLOB = Pattern.compile("[A-Za-z*][A-Za-z0-9_*-]{0,63}");

    /** @param globs of which {@code *} is for all; none is for all, too */
    public static Workflows of(Collection<String> globs) {
        return globs.isEmpty() || globs.contains("*") ? ALL : new Workflows(new TreeSet<>(globs));
    }

    /** Whether a text can be the name of a workflow in which stars stand for any characters. */
    public static boolean isGlob(@Nullable String text) {
        return text != null && GLOB.matcher(text).matches();
    }

    public boolean isAll() {
        return globs == null;
    }

    public boolean allow(String workflow) {
        String regex = regex();
        return regex == null || Pattern.matches(regex, workflow);
    }

    /** A regular expression, for Java and PostgreSQL alike, that matches the whole name of each; null for all. */
    public @Nullable String regex() {
        return globs == null
                ? null
                : globs.stream()
                        .map(glob -> glob.replace("*", "[A-Za-z0-9_-]*"))
                        .collect(Collectors.joining("|", "^(?:", ")$"));
    }

    /** As people write them. */
    public String text() {
        return globs == null ? "*" : String.join(", ", globs);
    }
}
