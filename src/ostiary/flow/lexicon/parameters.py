"""What a parameter takes, told by its name. Names are lower case, words joined by underscores."""

from __future__ import annotations

from ostiary.flow.lexicon import wordset

COMMAND = wordset(
    """command cmd shell_command bash_command commandline command_line cli_command shell argv
    terminal_command powershell commands exec"""
)
CODE = wordset(
    """code script python_code javascript js source_code expression function python js_code snippet
    program applescript code_block java_script func page_function evaluate"""
)
SQL = wordset(
    """sql sql_query query_sql statement statements sql_statement cypher cypher_query gremlin
    sql_statements sql_list aql raw_sql"""
)
QUERY = wordset("query q q_query")
URL = wordset(
    """url urls uri target_url endpoint href link webhook_url callback_url page_url website
    web_url image_url image_urls file_url base_url site_url source_url website_url webhook"""
)
OUTPUT = wordset(
    """output_path output_dir outputpath outputdir output output_file output_filename outputfile
    dest destination dest_path destination_path save_path save_dir download_path target_path
    output_directory export_path destination_filename save_to to_path file_to_write
    downloads_dir save_directory outfile"""
)
PATH = wordset(
    """path paths file files filename file_name filepath file_path directory dir folder input_path
    inputpath input_paths inputpaths local_path absolute_path source_path src dir_path root
    filenames file_paths filepaths directory_path folder_path source_filename source_file
    project_path local_file_path image_path input_file relative_path"""
)
CONTENT = wordset(
    """content contents text body data new_text new_string file_text new_content markdown html
    new_str edits diff patch lines file_content"""
)
RECIPIENT = wordset(
    """to recipient recipients cc bcc to_email email_to to_address phone phone_number chat_id
    channel channel_id thread_ts conversation_id to_number recipient_email mailto room_id
    recipient_id"""
)
MESSAGE = wordset("message subject body text html content caption message_text text_body mime")
AMOUNT = wordset("amount price quantity currency amount_cents value_eth max_price total shares")
PAYEE = wordset("to recipient account payee destination symbol ticker order_type tradingsymbol")
GRANT = wordset(
    "role roles permission permissions grant acl policy_document role_name scopes access"
)
ACTION = wordset("action operation op method command mode verb operations sub_command subcommand")
HTTP_METHOD = wordset("method http_method verb")
HEADERS = wordset("headers header http_headers")
