package io.drover.command;

import io.drover.Drover;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

/** The application as a worker only: no triggers, and a web server only where it is asked for. */
final class Headless {

    private Headless() {}

    /**
     * @param serves     whether metrics, health and the API are served meanwhile
     * @param properties what the user gave, as {@code --x=y}; ours come first, so that a user's word counts
     */
    static ConfigurableApplicationContext start(
            boolean serves, List<String> properties, Consumer<SpringApplication> customizer, String... ours) {
        SpringApplication application = new SpringApplication(Drover.class);
        application.setWebApplicationType(serves ? WebApplicationType.SERVLET : WebApplicationType.NONE);
        customizer.accept(application);
        List<String> args = new ArrayList<>(List.of(ours));
        args.add("--drover.role=worker");
        args.removeIf(
                arg -> properties.stream().anyMatch(given -> given.startsWith(arg.substring(0, arg.indexOf('=') + 1))));
        args.addAll(properties);
        return application.run(args.toArray(String[]::new));
    }

    static void pause(Duration duration) {
        try {
            TimeUnit.NANOSECONDS.sleep(duration.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
