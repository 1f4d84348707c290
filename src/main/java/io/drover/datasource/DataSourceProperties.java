package io.drover.datasource;

import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The databases that routes use.
 *
 * @param datasources by name, as routes call them: {@code sql:...?dataSource=#orders}. {@code default} is the one of a step
 *     that names none.
 */
@ConfigurationProperties("drover")
record DataSourceProperties(@DefaultValue Map<String, DataSourceSettings> datasources) {

    /** The data source of steps that name none. */
    static final String DEFAULT = "default";

    /** The name by which Camel's SQL component asks for that one. */
    private static final String BEAN = "dataSource";

    DataSourceProperties {
        datasources = Map.copyOf(datasources);
        datasources.forEach((name, settings) -> {
            if (!name.matches("[A-Za-z][A-Za-z0-9-]{0,30}")) {
                throw new IllegalArgumentException(
                        "drover.datasources.%s must have a name of 1 to 31 letters, digits and '-' that begins with a letter, as in orders"
                                .formatted(name));
            }
            if (name.equals(BEAN)) {
                throw new IllegalArgumentException(
                        "drover.datasources.%s is not allowed, because #%s is the data source of steps that name none; configure that as drover.datasources.%s"
                                .formatted(name, name, DEFAULT));
            }
            settings.check("drover.datasources." + name, name.equals(DEFAULT));
        });
    }
}
