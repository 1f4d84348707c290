package io.drover;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The production process: {@code java -jar drover.jar}. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class Drover {

    public static void main(String[] args) {
        SpringApplication.run(Drover.class, args);
    }
}
