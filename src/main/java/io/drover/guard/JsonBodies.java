package io.drover.guard;

import io.drover.json.ContentType;
import io.drover.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.TypeConverter;
import org.apache.camel.spi.TypeConverterRegistry;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.camel.support.SimpleTypeConverter;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * A map or a list that a component wants as bytes is written as JSON, as {@code marshal: json} writes it. Camel has no other
 * form for them. A request of HTTP then says so in its {@code Content-Type}.
 * Where the author has given the body another type, nothing is converted.
 */
@Component
final class JsonBodies implements CamelContextConfiguration, ExecChainHandler {

    private static final String NAME = "drover-json";

    /** A document that was a map or a list. */
    private static final class Written extends ByteArrayInputStream {

        private final boolean hasType;

        /** @param hasType whether the author has given it a type of JSON */
        Written(byte[] document, boolean hasType) {
            super(document);
            this.hasType = hasType;
        }
    }

    @Override
    public void beforeApplicationStart(CamelContext context) {
        TypeConverterRegistry converters = context.getTypeConverterRegistry();
        TypeConverter json = new SimpleTypeConverter(false, (type, exchange, value) -> written(exchange, value));
        converters.addTypeConverter(InputStream.class, Map.class, json);
        converters.addTypeConverter(InputStream.class, Collection.class, json);
    }

    private static Object written(@Nullable Exchange exchange, Object value) {
        ContentType type = exchange == null ? ContentType.NONE : BodyTypes.of(exchange);
        if (!type.type().isEmpty() && !type.isJson()) {
            return TypeConverter.MISS_VALUE;
        }
        return new Written(Json.write(value).getBytes(StandardCharsets.UTF_8), type.isJson());
    }

    /** Has a client of Camel's give such a body its type and its length. */
    HttpClientBuilder on(HttpClientBuilder client) {
        return client.addExecInterceptorFirst(NAME, this);
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        if (request.getEntity() instanceof InputStreamEntity entity
                && entity.getContent() instanceof Written document) {
            String type = document.hasType ? entity.getContentType() : ContentType.JSON;
            request.setEntity(new ByteArrayEntity(
                    document.readAllBytes(), org.apache.hc.core5.http.ContentType.parseLenient(type)));
            request.setHeader(HttpHeaders.CONTENT_TYPE, type);
        }
        return chain.proceed(request, scope);
    }

    @Override
    public void afterApplicationStart(CamelContext context) {}
}
