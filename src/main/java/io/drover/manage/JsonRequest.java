package io.drover.manage;

import io.drover.security.ReadRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;

/** A request whose body has been read already: JSON in UTF-8. */
final class JsonRequest extends ReadRequest {

    JsonRequest(HttpServletRequest request, byte[] body) {
        super(request, body);
    }

    @Override
    public String getCharacterEncoding() {
        return StandardCharsets.UTF_8.name();
    }
}
