<?php
// Moodle's own privacy machinery for one user and one component. Input: user, component, delete.

require(__DIR__ . '/bootstrap.php');

$manager = new \core_privacy\manager();
$contexts = $manager->get_contexts_for_userid($input->user);
$of = array_values(array_filter(
    iterator_to_array($contexts),
    fn(\core_privacy\local\request\contextlist $list): bool => $list->get_component() === $input->component,
));
$approved = new \core_privacy\local\request\contextlist_collection($input->user);
foreach ($of as $list) {
    if (count($list) > 0) {
        $approved->add_contextlist(new \core_privacy\local\request\approved_contextlist(
            core_user::get_user($input->user),
            $input->component,
            $list->get_contextids(),
        ));
    }
}
$files = [];
if ($input->delete) {
    $manager->delete_data_for_user($approved);
} else {
    $archive = $manager->export_user_data($approved);
    foreach (get_file_packer('application/zip')->list_files($archive) as $file) {
        $files[] = $file->pathname;
    }
    $directory = make_request_directory();
    get_file_packer('application/zip')->extract_to_pathname($archive, $directory);
    $texts = [];
    foreach ($files as $name) {
        if (str_ends_with($name, '.json')) {
            $texts[$name] = file_get_contents("$directory/$name");
        }
    }
}
answer([
    'compliant' => $manager->component_is_compliant($input->component),
    'contexts' => array_merge([], ...array_map(fn($list) => array_map('intval', $list->get_contextids()), $of)),
    'files' => $files,
    'texts' => (object) ($texts ?? []),
]);
