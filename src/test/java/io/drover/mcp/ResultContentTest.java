package io.drover.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.drover.Quick;
import io.drover.json.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a server answers, as a workflow and a model see it. */
@Quick
class ResultContentTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            textBlock =
                    """
                    {"content":[]} | ""
                    {} | ""
                    {"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]} | "a\\nb"
                    {"content":[{"type":"image","data":"aGk=","mimeType":"image/png","annotations":{"priority":1}}]} | [{"type":"image","size":2,"mimeType":"image/png"}]
                    {"content":[{"type":"audio","data":"aGk h\\nIQ==","mimeType":"audio/wav"}]} | [{"type":"audio","size":4,"mimeType":"audio/wav"}]
                    {"content":[{"type":"image","data":"","mimeType":"image/png"}]} | [{"type":"image","size":0,"mimeType":"image/png"}]
                    {"content":[{"type":"resource","resource":{"uri":"file:///a.bin","mimeType":"application/pdf","blob":"AAAA","_meta":{}}}]} | [{"type":"resource","resource":{"uri":"file:///a.bin","mimeType":"application/pdf","size":3}}]
                    {"content":[{"type":"resource","resource":{"uri":"file:///a.txt","mimeType":"text/plain","text":"hello"}}]} | [{"type":"resource","resource":{"uri":"file:///a.txt","mimeType":"text/plain","text":"hello"}}]
                    {"content":[{"type":"resource_link","uri":"file:///b","name":"b","mimeType":"text/csv","size":9}]} | [{"type":"resource_link","uri":"file:///b","name":"b","mimeType":"text/csv","size":9}]
                    {"content":[{"type":"text","text":"see"},{"type":"image","data":"aGk=","mimeType":"image/png"}]} | [{"type":"text","text":"see"},{"type":"image","size":2,"mimeType":"image/png"}]
                    {"content":[{"type":"text","text":"{\\"n\\": 1.0}"}],"structuredContent":{"n":1}} | {"n":1}
                    {"content":[],"structuredContent":{"n":1}} | {"n":1}
                    {"structuredContent":{"n":1}} | {"n":1}
                    {"content":[{"type":"text","text":"one"}],"structuredContent":{"n":1}} | {"n":1,"_content":"one"}
                    {"content":[{"type":"image","data":"aGk=","mimeType":"image/png"}],"structuredContent":{"n":1}} | {"n":1,"_content":[{"type":"image","size":2,"mimeType":"image/png"}]}
                    {"content":[{"type":"text","text":"x"}],"structuredContent":{"_content":5}} | {"_structured":{"_content":5},"_content":"x"}
                    {"content":[{"type":"text","text":"x"}],"structuredContent":null} | "x"
                    {"content":[{"type":"text","text":"x"}],"structuredContent":[1]} | {"_structured":[1],"_content":"x"}
                    {"content":[{"type":"text","text":"[1.0]"}],"structuredContent":[1]} | [1]
                    {"content":[],"structuredContent":[1]} | [1]
                    {"content":[{"type":"text","text":"{\\"only\\":\\"3 of 500\\"}"}],"structuredContent":{"n":3}} | {"n":3,"_content":"{\\"only\\":\\"3 of 500\\"}"}
                    {"content":[{"type":"text","text":"{\\"n\\":9007199254740993}"}],"structuredContent":{"n":9007199254740992}} | {"n":9007199254740992,"_content":"{\\"n\\":9007199254740993}"}
                    {"content":[{"type":"text","text":"[{\\"a\\":1}]"}],"structuredContent":{"result":[{"a":1}]}} | {"result":[{"a":1}]}
                    {"content":[{"type":"text","text":"[{\\"a\\":2}]"}],"structuredContent":{"result":[{"a":1}]}} | {"result":[{"a":1}],"_content":"[{\\"a\\":2}]"}
                    """)
    void keepsWhatCountsAndMarksTheRest(String answer, String result) throws JsonProcessingException {
        assertThat(Json.canonical(Json.tree(ResultContent.value(Json.parse(answer)))))
                .isEqualTo(Json.canonical(Json.parse(result)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"isError":true,"content":[{"type":"text","text":"declined"}]}                          | declined
                    {"isError":true,"content":[],"structuredContent":{"error":{"type":"refused"}}}          | {"error":{"type":"refused"}}
                    {"isError":true,"content":[{"type":"resource_link","uri":"file:///log"}]}               | [{"type":"resource_link","uri":"file:///log"}]
                    {"isError":true}                                                                        | the server gives no reason
                    """)
    void anErrorSaysWhy(String answer, String reason) throws JsonProcessingException {
        assertThat(ResultContent.reason(Json.parse(answer))).isEqualTo(reason);
    }
}
