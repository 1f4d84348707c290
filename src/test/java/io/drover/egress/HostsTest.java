package io.drover.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.Quick;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;

/** What an allow-list says of hosts and addresses, however they are written. */
@Quick
class HostsTest {

    @ParameterizedTest
    @CsvSource({
        "93.184.216.34, ",
        "2606:2800:220:1::1, ",
        "127.0.0.1, LOOPBACK",
        "127.8.9.10, LOOPBACK",
        "::1, LOOPBACK",
        "10.1.2.3, PRIVATE",
        "172.31.255.255, PRIVATE",
        "172.32.0.0, ",
        "192.168.0.1, PRIVATE",
        "100.64.0.1, PRIVATE",
        "fd12::1, PRIVATE",
        "fec0::1, PRIVATE",
        "169.254.1.1, LINK_LOCAL",
        "fe80::1, LINK_LOCAL",
        "169.254.169.254, METADATA",
        "169.254.170.2, METADATA",
        "fd00:ec2::254, METADATA",
        "100.100.100.200, METADATA",
        "168.63.129.16, METADATA",
        "0.0.0.0, UNSPECIFIED",
        "0.1.2.3, UNSPECIFIED",
        "::, UNSPECIFIED",
        "224.0.0.1, MULTICAST",
        "ff02::1, MULTICAST",
        "255.255.255.255, RESERVED",
        "240.0.0.1, RESERVED",
        "203.0.113.7, RESERVED",
        "2001:db8::1, RESERVED",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2, RESERVED",
        "4000::1, RESERVED",
        "::ffff:169.254.169.254, METADATA", // mapped
        "::ffff:8.8.8.8, ",
        "::169.254.169.254, METADATA", // compatible
        "::ffff:0:10.0.0.1, PRIVATE", // translated
        "2002:a9fe:a9fe::1, METADATA", // 6to4
        "2002:0808:0808::1, ",
        "64:ff9b::127.0.0.1, LOOPBACK", // NAT64
        "64:ff9b::8.8.8.8, ",
        "64:ff9b:1::8.8.8.8, PRIVATE",
        "2606:4700::5efe:10.0.0.1, PRIVATE", // ISATAP
        "2606:4700::200:5efe:10.0.0.1, PRIVATE",
    })
    void knowsAddressesThatBelongToNoPublicHost(String address, AddressKind kind) throws Exception {
        assertThat(AddressKind.of(InetAddress.getByName(address))).isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource({
        "example.com, example.com, , true",
        "EXAMPLE.com., example.com, , true",
        "127.0.0.1, 127.0.0.1, 127.0.0.1, true",
        "127.0.0.1., 127.0.0.1, 127.0.0.1, true",
        "[::1], ::1, 0:0:0:0:0:0:0:1, true",
        "[fe80::1%eth0], fe80::1, fe80:0:0:0:0:0:0:1, true",
        "[::ffff:169.254.169.254], ::ffff:169.254.169.254, 169.254.169.254, true",
        "2130706433, 2130706433, 127.0.0.1, false",
        "0x7f000001, 0x7f000001, 127.0.0.1, false",
        "0X7F.1, 0x7f.1, 127.0.0.1, false",
        "0177.0.0.1, 0177.0.0.1, 127.0.0.1, false",
        "017700000001, 017700000001, 127.0.0.1, false",
        "127.1, 127.1, 127.0.0.1, false",
        "0, 0, 0.0.0.0, false",
        "0x, 0x, 0.0.0.0, false",
        "010.0.0.1, 010.0.0.1, 8.0.0.1, false",
        "4294967296, 4294967296, , false",
        "1.2.3.4.5, 1.2.3.4.5, , false",
        "256.1.1.1, 256.1.1.1, , false",
        "example.1, example.1, , false",
        "08.0.0.1, 08.0.0.1, , false",
        "１２７.0.0.1, 127.0.0.1, 127.0.0.1, true",
        "127。0。0。1, 127.0.0.1, 127.0.0.1, true",
        "bücher.example, xn--bcher-kva.example, , true",
        "[::1, [::1, , false",
        "0x7f.example, 0x7f.example, , true",
    })
    void readsAHostInOneWay(String written, String name, String literal, boolean isPlain) {
        Host host = Host.of(written);

        assertThat(host.name()).isEqualTo(name);
        assertThat(host.literal() == null ? null : host.literal().getHostAddress())
                .isEqualTo(literal);
        assertThat(host.isPlain()).isEqualTo(isPlain);
    }

    @ParameterizedTest
    @CsvSource({
        "api.example.com, api.example.com, 443, true",
        "api.example.com, API.example.com., 443, true",
        "api.example.com, example.com, 443, false",
        "api.example.com, xapi.example.com, 443, false",
        "api.example.com:443, api.example.com, 443, true",
        "api.example.com:443, api.example.com, 80, false",
        "*.example.com, api.example.com, 443, true",
        "*.example.com, a.b.example.com, 443, true",
        "*.example.com, example.com, 443, false",
        "*.example.com, badexample.com, 443, false",
        "*.example.com:8443, api.example.com, 443, false",
        "*, anything.example, 443, true",
        "*, 93.184.216.34, 443, true",
        "*, 127.0.0.1, 443, false",
        "*, [::ffff:169.254.169.254], 443, false",
        "10.0.0.0/8, 10.1.2.3, 443, true",
        "10.0.0.0/8, 11.1.2.3, 443, false",
        "0.0.0.0/0, 93.184.216.34, 443, true",
        "0.0.0.0/0, 127.0.0.1, 443, false",
        "0.0.0.0/0, 169.254.169.254, 443, false",
        "169.254.0.0/16, 169.254.1.1, 80, true",
        "169.254.0.0/16, 169.254.169.254, 80, false",
        "169.254.169.254, 169.254.169.254, 80, true",
        "169.254.169.254:80, [::ffff:169.254.169.254], 80, true",
        "127.0.0.1:8080, 127.0.0.1, 8080, true",
        "127.0.0.1:8080, 127.0.0.1, 8081, false",
        "127.0.0.1, 2130706433, 80, false",
        "[fd00::1]:8080, [fd00::1], 8080, true",
        "fd00::/8, [fd12::7], 8080, true",
    })
    void allowsWhatItNames(String entry, String host, int port, boolean allowed) {
        assertThat(Egress.problem(list(entry), Host.of(host), port) == null).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "crm.example, crm.example, 10.1.2.3, true",
        "crm.example, crm.example, 127.0.0.1, true",
        "crm.example, crm.example, 169.254.169.254, false",
        "crm.example, crm.example, 0.0.0.0, false",
        "crm.example, crm.example, fe80::1, false",
        "*.example, crm.example, 10.1.2.3, false",
        "*.example 10.0.0.0/8, crm.example, 10.1.2.3, true",
        "*, crm.example, 10.1.2.3, false",
        "* 0.0.0.0/0, crm.example, 10.1.2.3, false",
        "crm.example 169.254.169.254, crm.example, 169.254.169.254, true",
    })
    void aNameMayHaveAnAddressOfTheOwnNetworkOnlyWhereAListNamesOneOfThem(
            String entries, String name, String address, boolean allowed) throws Exception {
        InetAddress found = InetAddress.getByName(address);

        assertThat(list(entries.split(" ")).allowsSpecial(name, found, 443, AddressKind.of(found)))
                .isEqualTo(allowed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "http://example.com",
                "example.com/path",
                "user@example.com",
                "example.com:0",
                "example.com:65536",
                "example.com:http",
                "exa mple.com",
                "-example.com",
                "*example.com",
                "a.*.com",
                "**",
                "*.10.0.0.1",
                "2130706433",
                "0x7f000001",
                "0177.0.0.1",
                "127.1",
                "10.0.0.0/33",
                "10.0.0.1/8",
                "10.0.0.0/x",
                "example.com/8",
                "[::1",
                "::1::",
                "fd00::/129",
                "a..b",
                "${x}"
            })
    void refusesWhatIsNoEntry(String entry) {
        assertThatThrownBy(() -> HostPattern.parse("drover.egress.hosts", entry))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("drover.egress.hosts (" + entry + ") must be a host, ")
                .hasMessageContaining("as in api.example.com");
    }

    @Test
    void findsTheHostsThatTheProcessIsConfiguredWith() {
        MockEnvironment environment = new MockEnvironment()
                .withProperty(
                        "spring.datasource.url", "jdbc:postgresql://ada:se@cret@db1.example:5433,db2.example/x?a=//b")
                .withProperty("drover.datasources.orders.url", "jdbc:oracle:thin:@//ora.example:1521/orders")
                .withProperty("drover.datasources.near.url", "jdbc:postgresql:near")
                .withProperty("drover.datasources.own.url", "jdbc:h2:mem:own")
                .withProperty("camel.component.kafka.brokers", "k1.example:9092, [fd00::9]:9093")
                .withProperty("drover.models.default.url", "https://models.example/v1")
                .withProperty("drover.mcp.shop.url", "http://127.0.0.1:3000/mcp")
                .withProperty("otel.exporter.otlp.endpoint", "http://collector:4318")
                .withProperty("spring.data.redis.host", "redis.example")
                .withProperty("camel.component.http.proxy-host", "proxy.example")
                .withProperty("camel.component.http.proxy-port", "3128")
                .withProperty("KUBERNETES_SERVICE_HOST", "10.96.0.1");

        assertThat(ConfiguredHosts.in(environment).patterns())
                .extracting(HostPattern::text)
                .containsExactlyInAnyOrder(
                        "db1.example:5433",
                        "db2.example",
                        "ora.example:1521",
                        "localhost",
                        "k1.example:9092",
                        "[fd00::9]:9093",
                        "models.example:443",
                        "127.0.0.1:3000",
                        "collector:4318",
                        "redis.example",
                        "proxy.example:3128",
                        "10.96.0.1",
                        "kubernetes.default.svc");
    }

    @Test
    void writesANetworkPolicyWithAddressesAndSaysWhatItLeavesOut() {
        MockEnvironment environment = new MockEnvironment()
                .withProperty("drover.egress.hosts", "10.0.0.0/8, [fd00::1]:8080, api.example.com:443, *")
                .withProperty("drover.tools.crm.hosts", "crm.example.com, 10.0.0.0/8")
                .withProperty("drover.models.default.url", "http://127.0.0.1:11434/v1");

        String manifest = NetworkPolicyText.manifest(environment, false);

        assertThat(manifest)
                .contains(
                        "#   api.example.com:443 (drover.egress.hosts)\n",
                        "#   crm.example.com (drover.tools.crm.hosts)\n",
                        "    - to: [{ ipBlock: { cidr: \"10.0.0.0/8\" } }] # drover.egress.hosts, drover.tools.crm.hosts\n",
                        "    - to: [{ ipBlock: { cidr: \"fd00:0:0:0:0:0:0:1/128\" } }] # drover.egress.hosts\n"
                                + "      ports: [{ port: 8080 }]\n",
                        "    - to: [{ ipBlock: { cidr: \"127.0.0.1/32\" } }] # drover.models.default.url\n"
                                + "      ports: [{ port: 11434 }]\n",
                        "cidr: 0.0.0.0/0, except: [10.0.0.0/8");
        assertThat(NetworkPolicyText.list(environment))
                .contains("10.0.0.0/8 ", "drover.egress.hosts, drover.tools.crm.hosts");
    }

    private static HostList list(String... entries) {
        return new HostList(
                "drover.egress.hosts",
                Stream.of(entries)
                        .map(entry -> HostPattern.parse("drover.egress.hosts", entry))
                        .toList());
    }

    @Test
    void aListOfOneToolIsNoneOfAnother() {
        EgressProperties properties = EgressProperties.in(new MockEnvironment()
                .withProperty("drover.egress.hosts", "a.example")
                .withProperty("drover.tools.x.hosts", "b.example"));

        assertThat(properties.lists())
                .extracting(HostList::setting)
                .isEqualTo(List.of("drover.egress.hosts", "drover.tools.x.hosts"));
    }
}
