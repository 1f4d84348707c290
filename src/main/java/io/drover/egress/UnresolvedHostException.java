package io.drover.egress;

import java.net.ConnectException;
import java.util.List;

/** A client did not say which host it could not resolve, and names were refused lately. The same call may do better. */
final class UnresolvedHostException extends ConnectException {

    private static final long serialVersionUID = 1;

    UnresolvedHostException(List<String> refusals, Throwable cause) {
        super("no address of a host is known; names were refused in the last ten seconds, and Java remembers that: "
                + String.join("; or ", refusals));
        initCause(cause);
    }
}
