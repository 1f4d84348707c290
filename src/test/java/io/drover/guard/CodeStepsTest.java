package io.drover.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import org.apache.camel.NamedNode;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.FilterDefinition;
import org.apache.camel.model.KameletDefinition;
import org.apache.camel.model.ProcessDefinition;
import org.apache.camel.model.ScriptDefinition;
import org.apache.camel.model.SetBodyDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.language.GroovyExpression;
import org.apache.camel.model.language.MethodCallExpression;
import org.apache.camel.model.language.SimpleExpression;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Quick
class CodeStepsTest {

    @Test
    void areThoseOfAnAuthorWhoseWorkIsNotSeen() {
        ProcessDefinition named = new ProcessDefinition();
        named.setRef("mine");

        assertThat(new NamedNode[] {
                    new BeanDefinition("mine"),
                    named,
                    new ScriptDefinition(new GroovyExpression("1")),
                    new KameletDefinition()
                })
                .allMatch(CodeSteps::isOne);
        assertThat(CodeSteps.isOne(new ProcessDefinition(exchange -> {}))).isFalse(); // one of ours
        assertThat(CodeSteps.isOne(new SetBodyDefinition(new GroovyExpression("1"))))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "language:groovy:body, true",
        "language://groovy?script=body, true",
        "mvel:some.mvel, true",
        "language:simple:body, false",
        "log:groovy, false",
        "direct:language, false"
    })
    void anEndpointMayBeAScript(String uri, boolean code) {
        assertThat(CodeSteps.isOne(new ToDefinition(uri))).isEqualTo(code);
    }

    @Test
    void expressionsMayRunCode() {
        assertThat(CodeSteps.isIn(new SetBodyDefinition(new GroovyExpression("1"))))
                .isTrue();
        assertThat(CodeSteps.isIn(new FilterDefinition(new MethodCallExpression("mine"))))
                .isTrue();
        assertThat(CodeSteps.isIn(new FilterDefinition(new SimpleExpression("${bean:mine}"))))
                .isTrue();
        assertThat(CodeSteps.isIn(new FilterDefinition(new SimpleExpression("${body}"))))
                .isFalse();
    }
}
