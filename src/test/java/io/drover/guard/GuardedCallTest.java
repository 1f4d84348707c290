package io.drover.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import io.drover.journal.CallRecord;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Nobody but a call itself changes what is known of it. */
@Quick
class GuardedCallTest {

    private static final Pattern VERB = Pattern.compile("^\\| `([a-z]\\w+)` \\|", Pattern.MULTILINE);
    private static final Set<Class<?>> CHANGES = Set.of(void.class, Try.class, CallRecord.class);

    @Test
    void itsFieldsAreItsOwn() {
        assertThat(GuardedCall.class.getDeclaredFields())
                .isNotEmpty()
                .allMatch(field -> Modifier.isPrivate(field.getModifiers()));
    }

    @Test
    void thePageNamesItsVerbs() throws IOException {
        String page = Files.readString(Path.of("docs/architecture.md"));
        String table = page.substring(page.indexOf("\n| verb |"), page.indexOf("\n## An agent"));
        Set<String> named =
                VERB.matcher(table).results().map(verb -> verb.group(1)).collect(Collectors.toCollection(TreeSet::new));

        assertThat(named)
                .isEqualTo(Arrays.stream(GuardedCall.class.getDeclaredMethods())
                        .filter(method -> !Modifier.isPrivate(method.getModifiers()))
                        .filter(method -> CHANGES.contains(method.getReturnType()))
                        .map(Method::getName)
                        .collect(Collectors.toCollection(TreeSet::new)));
    }
}
