package io.drover.guard;

import io.drover.datasource.ToolDataSources;
import io.drover.egress.Egress;
import io.drover.secret.Secrets;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.component.sql.SqlEndpoint;
import org.apache.camel.component.sql.SqlOutputType;
import org.apache.camel.component.sql.stored.SqlStoredEndpoint;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Camel's {@code http:}, {@code https:} and {@code sql:}, with limits on what they read. */
@Configuration(proxyBeanMethods = false)
class AnswerConfiguration {

    @Bean("http")
    HttpComponent http(AnswerProperties properties, Egress egress, Secrets secrets, JsonBodies bodies) {
        return new LimitedHttpComponent(properties.maxBytes(), egress.ofSteps(), secrets, bodies);
    }

    @Bean("https")
    HttpComponent https(AnswerProperties properties, Egress egress, Secrets secrets, JsonBodies bodies) {
        return new LimitedHttpComponent(properties.maxBytes(), egress.ofSteps(), secrets, bodies);
    }

    /** Every SQL endpoint passes here, those of {@code toD}, too. */
    @Bean
    CamelContextConfiguration limitedSql(AnswerProperties properties, ToolDataSources sources, DataSource engine) {
        return new CamelContextConfiguration() {
            @Override
            public void beforeApplicationStart(CamelContext context) {
                RouteBeans.replace(context, sources);
                context.getCamelContextExtension().registerEndpointCallback((uri, endpoint) -> limit(endpoint));
            }

            @Override
            public void afterApplicationStart(CamelContext context) {}

            private Endpoint limit(Endpoint endpoint) {
                if (endpoint instanceof SqlStoredEndpoint) {
                    throw new UnboundedStatementException(SqlUse.STORED);
                }
                if (endpoint instanceof SqlEndpoint sql && sql.getOutputType() == SqlOutputType.StreamList) {
                    throw new UnboundedStatementException(SqlUse.STREAM);
                }
                if (endpoint instanceof SqlEndpoint sql && sql.getJdbcTemplate().getDataSource() == engine) {
                    throw new UnboundedStatementException(SqlUse.ENGINE);
                }
                if (endpoint instanceof SqlEndpoint sql
                        && !(sql.getJdbcTemplate() instanceof LimitedJdbcTemplate)
                        && sql.getJdbcTemplate().getDataSource() != null) {
                    sql.setJdbcTemplate(new LimitedJdbcTemplate(sql.getJdbcTemplate(), properties.maxBytes()));
                }
                return endpoint;
            }
        };
    }
}
