package io.drover.encryption;

import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Gives the database its {@link Seals}, before anybody has a connection. */
@Configuration(proxyBeanMethods = false)
public class EncryptionConfiguration {

    /** The name that Spring Boot gives Drover's own database; those that routes use hold nothing of Drover's. */
    private static final String DATABASE = "dataSource";

    @Bean
    static BeanPostProcessor sealingDatabase(Environment environment) {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                return name.equals(DATABASE) && bean instanceof DataSource database
                        ? sealing(database, environment)
                        : bean;
            }
        };
    }

    /** @throws io.drover.start.RefusedToStartException where the keyset cannot be used */
    private static DataSource sealing(DataSource database, Environment environment) {
        EncryptionProperties properties =
                Binder.get(environment).bindOrCreate("drover.encryption", EncryptionProperties.class);
        return properties.keyset() == null
                ? database
                : Seals.with(properties.keyset(), properties.seal()).on(database);
    }

    @Bean
    Seals seals(DataSource database) {
        return Seals.of(database);
    }
}
