package io.drover;

import io.drover.command.DroverCommand;
import io.drover.command.FewJars;
import io.drover.start.AddedJars;
import io.drover.start.ProcessStart;
import io.drover.start.RefusedToStartException;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The production process: {@code java -jar drover.jar}, and its commands ({@link DroverCommand}). */
@SpringBootApplication
@ConfigurationPropertiesScan
public class Drover {

    public static void main(String[] args) {
        Integer code = FewJars.run(args);
        if (code != null) {
            System.exit(code);
        }
        useAddedJars();
        if (DroverCommand.isAskedFor(args)) {
            System.exit(DroverCommand.run(args));
        }
        ProcessStart.run(new SpringApplication(Drover.class), properties(args));
    }

    private static void useAddedJars() {
        try {
            AddedJars.use();
        } catch (RefusedToStartException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static String[] properties(String... args) {
        try {
            return DroverCommand.properties(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            throw e;
        }
    }
}
