package io.drover.security;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRequest;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestTemplate;

/**
 * Asks the issuer: it neither waits long, nor follows the issuer elsewhere, nor reads more than a megabyte.
 * The issuer's documents name further addresses, and in clear text anybody on the way could answer there.
 */
final class IssuerHttp implements ClientHttpRequestInterceptor {

    static final int MOST_BYTES = 1 << 20;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** For all that asks: a client has a thread of its own. */
    static final ClientHttpRequestFactory REQUESTS = requests();

    private static ClientHttpRequestFactory requests() {
        JdkClientHttpRequestFactory http = new JdkClientHttpRequestFactory(
                HttpClient.newBuilder().connectTimeout(PATIENCE).build());
        http.setReadTimeout(PATIENCE);
        return http;
    }

    static RestTemplate template() {
        RestTemplate http = new RestTemplate(REQUESTS);
        http.getInterceptors().add(new IssuerHttp());
        return http;
    }

    @Override
    public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
            throws IOException {
        if (!OidcProperties.isProtected(request.getURI())) {
            throw new IOException("the issuer names an address without TLS: " + request.getURI());
        }
        ClientHttpResponse answer = execution.execute(request, body);
        byte[] read;
        try {
            read = answer.getBody().readNBytes(MOST_BYTES + 1);
        } catch (IOException e) {
            answer.close();
            throw e;
        }
        if (read.length > MOST_BYTES) {
            answer.close();
            throw new IOException("the issuer's answer has more than %d bytes".formatted(MOST_BYTES));
        }
        return new ReadAnswer(answer, new ByteArrayInputStream(read));
    }

    private record ReadAnswer(ClientHttpResponse answer, InputStream body) implements ClientHttpResponse {

        @Override
        public HttpStatusCode getStatusCode() throws IOException {
            return answer.getStatusCode();
        }

        @Override
        public String getStatusText() throws IOException {
            return answer.getStatusText();
        }

        @Override
        public HttpHeaders getHeaders() {
            return answer.getHeaders();
        }

        @Override
        public InputStream getBody() {
            return body;
        }

        @Override
        public void close() {
            answer.close();
        }
    }
}
