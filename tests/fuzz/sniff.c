/* What an upload is, told by its bytes. */
#include "core/file.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *type = file_sniff(fuzz_str(data, size));

    MUST(type == NULL || str_starts(str_of(type), STR("image/")) || str_starts(str_of(type), STR("audio/")) ||
         strcmp(type, "application/pdf") == 0);
    return 0;
}
