package io.drover.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import io.drover.guard.Failure.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Failures of components that are not on the class path: in the words that Camel 4.18 threw on GreenMail 2.1.9, on servers that reply
 * line by line, on Apache FtpServer 1.2.1 and on Artemis 2.44.0. Classes of these names are made here.
 */
@Quick
class AddedClientsTest {

    private static final Map<String, String> NAMES = Map.of(
            "mail", "jakarta.mail.MessagingException",
            "angus", "org.eclipse.angus.mail.smtp.SMTPSendFailedException",
            "address", "org.eclipse.angus.mail.smtp.SMTPAddressFailedException",
            "failed", "jakarta.mail.SendFailedException",
            "login", "jakarta.mail.AuthenticationFailedException",
            "syntax", "jakarta.mail.internet.AddressException",
            "file", "org.apache.camel.component.file.GenericFileOperationFailedException",
            "jms", "jakarta.jms.JMSException",
            "secure", "jakarta.jms.JMSSecurityException",
            "artemis", "org.apache.activemq.artemis.api.core.ActiveMQNotConnectedException");

    @TempDir
    static Path directory;

    private static ClassLoader loader;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    login   | 535 5.7.8 Authentication credentials invalid                      |         |                | NOT_HAPPENED
                    failed  | Invalid Addresses                                                 | address | 550 no such user | REJECTED
                    failed  | Invalid Addresses                                                 | address | 450 later      | NOT_HAPPENED
                    angus   | 550 no                                                            | address | 550 no         | REJECTED
                    angus   | 552 too large                                                     |         |                | REJECTED
                    angus   | 451 try later                                                     |         |                | NOT_HAPPENED
                    angus   | 250 taken                                                         | address | 550 no         | UNKNOWN
                    angus   | [EOF]                                                             |         |                | UNKNOWN
                    mail    | Exception reading response                                        | timeout | Read timed out | UNKNOWN
                    mail    | Got bad greeting from SMTP host: 127.0.0.1, response: 554 no service |      |                | NOT_HAPPENED
                    syntax  | Missing '>'                                                       |         |                | REJECTED
                    file    | File operation failed: null Connection refused. Code: 0           | refused | Connection refused | NOT_HAPPENED
                    file    | File operation failed: 530 Authentication failed.. Code: 530      |         |                | NOT_HAPPENED
                    file    | Cannot connect to sftp://u@127.0.0.1:45647                        |         |                | NOT_HAPPENED
                    file    | File already exist: x/f. Cannot write new file.                   |         |                | REJECTED
                    file    | File operation failed: 550 /x/f: Permission denied. Error writing file [f]. Code: 550 | | | UNKNOWN
                    file    | File operation failed: Connection closed without indication.. Code: 200 |   |                | UNKNOWN
                    jms     | Failed to create session factory | artemis | AMQ219007: Cannot connect to server(s). Tried with all available servers. | NOT_HAPPENED
                    jms     | AMQ219014: Timed out after waiting 2000 ms for response            | artemis | AMQ219006: Channel disconnected | UNKNOWN
                    secure  | AMQ229031: Unable to validate user from 127.0.0.1:46084. Username: u |      |                | NOT_HAPPENED
                    """)
    void readsWhatTheyThrow(String type, String message, String causeType, String causeMessage, Kind kind)
            throws Exception {
        Throwable thrown = make(type, message);
        if (causeType != null) {
            thrown.initCause(make(causeType, causeMessage));
        }

        assertThat(FailureClassifier.of(new RuntimeException("as Spring wraps it", thrown))
                        .kind())
                .isEqualTo(kind);
    }

    private static Throwable make(String type, String message) throws Exception {
        return switch (type) {
            case "refused" -> new ConnectException(message);
            case "timeout" -> new SocketTimeoutException(message);
            default ->
                (Throwable) loader().loadClass(NAMES.get(type))
                        .getConstructor(String.class)
                        .newInstance(message);
        };
    }

    private static synchronized ClassLoader loader() throws IOException {
        if (loader == null) {
            Map<Path, String> sources = new LinkedHashMap<>();
            for (String name : NAMES.values()) {
                int dot = name.lastIndexOf('.');
                String simple = name.substring(dot + 1);
                sources.put(
                        directory.resolve(simple + ".java"),
                        "package %1$s; public class %2$s extends Exception { public %2$s(String m) { super(m); } }"
                                .formatted(name.substring(0, dot), simple));
            }
            for (Map.Entry<Path, String> source : sources.entrySet()) {
                Files.writeString(source.getKey(), source.getValue());
            }
            List<String> files = sources.keySet().stream().map(Path::toString).toList();
            String[] options = Stream.concat(Stream.of("-d", directory.toString(), "-proc:none"), files.stream())
                    .toArray(String[]::new);
            assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, options))
                    .isZero();
            loader = new URLClassLoader(
                    new URL[] {directory.toUri().toURL()},
                    ClassLoader.getPlatformClassLoader()); // none of the class path
        }
        return loader;
    }
}
