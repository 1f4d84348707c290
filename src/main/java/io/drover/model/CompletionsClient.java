package io.drover.model;

import io.drover.model.Dialect.OutputField;
import io.drover.secret.SecretReference;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** OpenAI's chat completions, in all the variants of servers that claim to speak them. */
final class CompletionsClient implements ChatClient {

    private static final Logger LOG = LoggerFactory.getLogger(CompletionsClient.class);
    private static final String PATH = "/chat/completions";
    private static final Set<Integer> REFUSED = Set.of(400, 422);
    private static final Pattern NOT_KNOWN = Pattern.compile(
            "(?i)unsupported|not supported|unrecognized|unknown|extra|not permitted|not allowed|unexpected");

    private final String name;
    private final ModelSettings settings;
    private final ModelHttp http;
    private final CompletionsRequest request;
    private final String url;
    private final Map<String, List<String>> headers;
    private volatile OutputField limit;

    CompletionsClient(String name, ModelSettings settings, ModelHttp http) {
        this.name = name;
        this.settings = settings;
        this.http = http;
        this.request = new CompletionsRequest(name, settings);
        this.url = url(settings.url());
        this.headers = headers(settings);
        this.limit = Dialect.outputField(settings);
    }

    /** The path is added before the query: Azure wants its {@code api-version} there. */
    static String url(String base) {
        int query = base.indexOf('?');
        String path = query < 0 ? base : base.substring(0, query);
        path = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return (path.endsWith(PATH) ? path : path + PATH) + (query < 0 ? "" : base.substring(query));
    }

    private static Map<String, List<String>> headers(ModelSettings settings) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("Accept", List.of("application/json"));
        settings.headers().forEach((header, value) -> headers.put(header, List.of(SecretReference.in(value))));
        String key = settings.apiKey() == null ? null : SecretReference.in(settings.apiKey());
        if (key != null && !key.isBlank()) {
            boolean bearer = settings.apiKeyHeader().equalsIgnoreCase("Authorization");
            headers.put(settings.apiKeyHeader(), List.of(bearer ? "Bearer " + key : key));
        }
        return headers;
    }

    @Override
    public Reply ask(Prompt prompt) {
        OutputField used = limit;
        try {
            return ask(prompt, used);
        } catch (ProviderException e) {
            if (settings.maxOutputTokensField() != OutputField.AUTO || !refuses(e, used)) {
                throw e;
            }
            Reply reply = ask(prompt, used.other());
            limit = used.other();
            LOG.info("model {}: the server wants {} instead of {}", name, limit.member(), used.member());
            return reply;
        }
    }

    private Reply ask(Prompt prompt, OutputField field) {
        return CompletionsReply.of(http.send("POST", url, headers, request.of(prompt, field.member()))
                .json());
    }

    /** Whether the server does not know the member; the error costs nothing. */
    private static boolean refuses(ProviderException error, OutputField field) {
        String said = error.body();
        return REFUSED.contains(error.status())
                && said.contains(field.member())
                && (said.contains(field.other().member())
                        || NOT_KNOWN.matcher(said).find());
    }
}
