package io.drover.command;

import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;

/** Nothing but the database, for commands that read or write it and start no process. */
@ImportAutoConfiguration(DataSourceAutoConfiguration.class)
class DatabaseAlone {

    /**
     * Starts it.
     *
     * @param what       this class, or what is to be there beside the database
     * @param properties of Spring, as in {@code --spring.datasource.url=...}
     */
    static ConfigurableApplicationContext open(Class<?> what, List<String> properties) {
        List<String> args = new ArrayList<>(properties);
        args.add("--spring.jmx.enabled=false");
        SpringApplication application = new SpringApplication(what);
        application.setWebApplicationType(WebApplicationType.NONE);
        return application.run(args.toArray(String[]::new));
    }
}
