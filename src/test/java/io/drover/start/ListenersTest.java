package io.drover.start;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import io.drover.Quick;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@Quick
@ExtendWith(OutputCaptureExtension.class)
class ListenersTest {

    interface Ear {
        void heard(String what);
    }

    /** Its name is looked for in the log. */
    record Broken(Throwable thrown) implements Ear {

        @Override
        public void heard(String what) {
            ListenersTest.<RuntimeException>sneakily(thrown);
        }
    }

    private final List<String> heard = new ArrayList<>();

    static List<Throwable> kinds() {
        return List.of(
                new IllegalStateException("broken"),
                new OutOfMemoryError("broken"),
                new StackOverflowError("broken"),
                new NoClassDefFoundError("broken"),
                new Exception("broken"));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void whatOneThrowsReachesNobody(Throwable thrown) {
        Listeners<Ear> listeners = new Listeners<>(
                List.of(what -> heard.add("first " + what), new Broken(thrown), what -> heard.add("last " + what)));

        listeners.each(ear -> ear.heard("once"));
        listeners.each(ear -> ear.heard("twice"));

        assertThat(heard).containsExactly("first once", "last once", "first twice", "last twice");
    }

    @Test
    void oneThatAlwaysBreaksIsNamedOnceAMinute(CapturedOutput log) {
        ((LoggerContext) LoggerFactory.getILoggerFactory())
                .resetTurboFilterList(); // which `validate` in this JVM has left
        Listeners<Ear> listeners = new Listeners<>(List.of(new Broken(new IllegalStateException("broken"))));

        for (int i = 0; i < 100; i++) {
            listeners.each(ear -> ear.heard("it"));
        }

        assertThat(log.getAll().lines().filter(line -> line.contains("ListenersTest$Broken failed")))
                .hasSize(1);
    }

    @Test
    void nobodyNeedsToListen() {
        new Listeners<Ear>(List.of()).each(ear -> ear.heard("it"));

        assertThat(heard).isEmpty();
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneakily(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
